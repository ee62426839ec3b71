/** Items of some kinds, shown to a function by the table's stream soon after each was written. */
import {
  EventSourceMapping,
  type EventSourceMappingOptions,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { KeyStore } from './key-store.ts';
import type { NodeFunction } from './node-function.ts';

export interface ShownInserts
  extends Pick<EventSourceMappingOptions, 'retryAttempts' | 'maxRecordAge' | 'onFailure'> {
  readonly store: KeyStore;
  readonly fn: NodeFunction<unknown>;
  /** How the sort keys of the items begin. */
  readonly items: readonly string[];
}

export function showInserts(
  scope: Construct,
  id: string,
  { store, fn, items, ...trouble }: ShownInserts,
): void {
  store.telling.grantReadingStream(fn);
  const mapping = new EventSourceMapping(scope, id, {
    target: fn.function,
    eventSourceArn: store.table.tableStreamArn as string,
    // From the stream's beginning: nothing is passed over that was written before the mapping was.
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    filters: items.map((prefix) =>
      FilterCriteria.filter({
        eventName: FilterRule.isEqual('INSERT'),
        dynamodb: { Keys: { sk: { S: FilterRule.beginsWith(prefix) } } },
      }),
    ),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    ...trouble,
  });
  // Lambda looks whether the role may read the stream when the mapping is made.
  mapping.node.addDependency(fn.role);
}
