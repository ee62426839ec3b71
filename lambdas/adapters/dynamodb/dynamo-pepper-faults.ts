/** Troubles with the pepper in DynamoDB: an item for each fault and window, which says itself whether it is told. */
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { FAULTS_PARTITION } from '../../../rules/table-items.ts';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import { type PepperFaultCount, timesMet } from '../../core/domain/pepper-fault.ts';
import type {
  NotedPepperFault,
  PepperFaultLedger,
  PepperFaultWriter,
} from '../../core/ports/pepper-faults.ts';
import {
  faultKey,
  notedFaultOf,
  pepperFaultUpdate,
  TOLD_ATTRIBUTES,
  windowPlace,
} from './pepper-fault-item.ts';
import { queryPages } from './query-pages.ts';
import { tellOnce } from './tell-once.ts';

export class DynamoPepperFaults implements PepperFaultWriter, PepperFaultLedger {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async add(fault: PepperFaultCount): Promise<void> {
    await this.#client.send(new UpdateCommand({ TableName: this.#table, ...pepperFaultUpdate(fault) }));
  }

  async since(windowMs: number): Promise<readonly NotedPepperFault[]> {
    const faults: NotedPepperFault[] = [];
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk >= :from',
      ExpressionAttributeValues: { ':pk': FAULTS_PARTITION, ':from': windowPlace(windowMs) },
    });
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        const fault = notedFaultOf(item);
        if (fault) faults.push(fault);
      }
    }
    return faults;
  }

  /** An item that has expired meanwhile is not made anew: it is as good as told. */
  async tell(
    fault: PepperFaultCount,
    as: 'told' | 'counted',
    event: AuditEvent,
  ): Promise<'told' | 'stale' | 'known'> {
    const note = {
      TableName: this.#table,
      Key: faultKey(fault),
      UpdateExpression: 'SET #told = :times',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#told)',
      ExpressionAttributeNames: { '#told': TOLD_ATTRIBUTES[as] },
      ExpressionAttributeValues: { ':times': timesMet(fault) },
    };
    return tellOnce(this.#client, this.#table, event, { Update: note });
  }
}
