/** Dollars from counts. */
import { requestsTo } from '../count/tally.ts';
import { FUNCTIONS, HISTORY_LINE_BYTES, TRACES_PER_EXECUTION } from './assumptions.ts';
import type { Counts } from './counts.ts';
import { priceOf } from './prices.ts';

export interface Bill {
  readonly stepFunctions: number;
  readonly lambdaRequests: number;
  /** From assumed durations: the one line that is not counted whole. */
  readonly lambdaTime: number;
  readonly dynamodb: number;
  /** KMS and Secrets Manager. */
  readonly keys: number;
  /** SES, SNS and SQS. */
  readonly messages: number;
  /** S3. */
  readonly objects: number;
  /** On the deployment's own bus. */
  readonly events: number;
  readonly logs: number;
  readonly traces: number;
}

export function billOf(counts: Counts): Bill {
  const invocations = Object.entries(counts.invocations);
  return {
    stepFunctions: priceOf('transition', counts.transitions),
    lambdaRequests: priceOf('invocation', sum(invocations.map(([, count]) => count))),
    lambdaTime: sum(invocations.map(([name, count]) => count * timeOf(name))),
    dynamodb: priceOf('readUnit', counts.readUnits) + priceOf('writeUnit', counts.writeUnits),
    keys:
      priceOf('kmsRequest', requestsTo(counts, 'KMS') - asymmetric(counts)) +
      priceOf('asymmetricRequest', asymmetric(counts)) +
      priceOf('secretRequest', requestsTo(counts, 'Secrets Manager')),
    messages:
      priceOf('mail', requestsTo(counts, 'SES')) +
      priceOf('topicRequest', requestsTo(counts, 'SNS')) +
      priceOf('queueRequest', requestsTo(counts, 'SQS')),
    objects:
      priceOf('objectWrite', requestsTo(counts, 'S3') - requestsTo(counts, 'S3 GET')) +
      priceOf('objectRead', requestsTo(counts, 'S3 GET')),
    events: priceOf('busEvent', counts.busEvents),
    logs: priceOf('logByte', counts.logBytes + counts.historyEvents * HISTORY_LINE_BYTES),
    traces: priceOf('trace', counts.executions * TRACES_PER_EXECUTION),
  };
}

export const totalOf = (bill: Bill): number => sum(Object.values(bill));
export const dollarsOf = (counts: Counts): number => totalOf(billOf(counts));

/** By the key that signs digests, the one that has two halves. */
const asymmetric = (counts: Counts): number =>
  requestsTo(counts, 'KMS Sign') + requestsTo(counts, 'KMS GetPublicKey');

/** Dollars of one invocation's time. */
function timeOf(name: string): number {
  const assumed = FUNCTIONS[name];
  if (!assumed) throw new Error(`Nothing is assumed of the function '${name}'.`);
  return priceOf('gigabyteSecond', (assumed.megabytes / 1024) * (assumed.milliseconds / 1_000));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
