/** A function that is shown inserted items by the table's stream, soon after each was written. */
import { Duration, Validations } from 'aws-cdk-lib';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { KeyStore } from './key-store.ts';
import type { NodeFunction } from './node-function.ts';
import { showInserts } from './show-inserts.ts';

export interface StreamReaderProps {
  readonly store: KeyStore;
  readonly fn: NodeFunction<unknown>;
  /** How the sort keys of the items begin. */
  readonly items: readonly string[];
}

/** With Lambda's own pauses between them, some minutes: what is not done then waits for an operator. */
const RETRIES = 10;

export class StreamReader extends Construct {
  /** Where Lambda says which records it gave up on: their place in the stream and when they came, not what they hold. */
  readonly givenUp: IQueue;

  constructor(scope: Construct, id: string, { store, fn, items }: StreamReaderProps) {
    super(scope, id);
    const givenUp = new Queue(this, 'GivenUp', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(givenUp).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'It is where what failed ends up; an alarm tells of each message, and nothing takes them out by itself.',
    });
    this.givenUp = givenUp;
    const destination: IEventSourceDlq = { bind: () => ({ destination: givenUp.queueArn }) };
    showInserts(this, 'Mapping', { store, fn, items, retryAttempts: RETRIES, onFailure: destination });
    fn.allow({ actions: ['sqs:SendMessage'], resources: [givenUp.queueArn] });
  }
}
