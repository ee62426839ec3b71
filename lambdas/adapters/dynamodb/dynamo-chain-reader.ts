/** Chains of events as they lie in the table. Where an event lies says which chain it is read as, not what it says itself. */
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { INDEX_AUDIT_BY_TIME } from '../../../rules/table-indexes.ts';
import { AUDIT_PREFIX } from '../../../rules/table-items.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { KEY_CHAIN_PREFIX } from '../../core/domain/audit-event.ts';
import type { ChainHead } from '../../core/domain/audit-proof/chain-head.ts';
import { CLOCK_AHEAD_MS } from '../../core/domain/audit-proof/misdated-event.ts';
import type { AuditHead } from '../../core/domain/key-record.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { ChainRange, ChainReader } from '../../core/ports/audit-proof.ts';
import {
  AUDIT_INDEX_ATTRIBUTES,
  AUDIT_SHARDS,
  auditDayPartition,
  auditSortKey,
  chainOfPartition,
  isMisfiled,
  META,
  partitionOfChain,
} from './key-item.ts';
import { queryPages } from './query-pages.ts';
import { MOST_READ, readBatch } from './read-batch.ts';

/** Its place and its index attributes are under no hash: they are held against the event. */
const WHOLE = ['event', 'sk', ...AUDIT_INDEX_ATTRIBUTES].join(', ');
/** Before the first event and behind the last one nothing is to lie: what does is told. */
const FIRST_PLACE = AUDIT_PREFIX;
const LAST_PLACE = `${AUDIT_PREFIX}~`;

export class DynamoChainReader implements ChainReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBDocumentClient, table: string, clock: Clock) {
    this.#client = client;
    this.#table = table;
    this.#clock = clock;
  }

  async *events(chain: string, { after, upTo }: ChainRange): AsyncGenerator<readonly unknown[]> {
    if (upTo !== undefined && upTo <= after) return;
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ProjectionExpression: WHOLE,
      ExpressionAttributeValues: {
        ':pk': partitionOfChain(chain),
        ':first': after === 0 ? FIRST_PLACE : auditSortKey(after + 1),
        ':last': upTo === undefined ? LAST_PLACE : auditSortKey(upTo),
      },
    });
    for await (const { Items = [] } of pages) yield Items.map(eventAsFiled);
  }

  async *chainsSince(
    fromMs: number,
    toMs: number = this.#clock() + CLOCK_AHEAD_MS,
  ): AsyncGenerator<readonly string[]> {
    for (let dayMs = fromMs - (fromMs % DAY_MS); dayMs <= toMs; dayMs += DAY_MS) {
      const day = new Date(dayMs).toISOString().slice(0, 10);
      for (let shard = 0; shard < AUDIT_SHARDS; shard += 1) {
        const pages = queryPages(this.#client, {
          TableName: this.#table,
          IndexName: INDEX_AUDIT_BY_TIME,
          KeyConditionExpression: 'auditDayPk = :day AND auditTimeSk >= :from',
          ProjectionExpression: 'pk',
          ExpressionAttributeValues: {
            ':day': auditDayPartition(day, shard),
            ':from': new Date(fromMs).toISOString(),
          },
        });
        for await (const { Items = [] } of pages) yield chainsOf(Items);
      }
    }
  }

  async *allChains(): AsyncGenerator<readonly string[]> {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new ScanCommand({
          TableName: this.#table,
          IndexName: INDEX_AUDIT_BY_TIME,
          ProjectionExpression: 'pk',
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      yield chainsOf(page.Items ?? []);
      from = page.LastEvaluatedKey;
    } while (from);
  }

  async keyHeads(chains: readonly string[]): Promise<readonly ChainHead[]> {
    const keys = chains
      .filter((chain) => chain.startsWith(KEY_CHAIN_PREFIX))
      .map((chain) => ({ pk: partitionOfChain(chain), sk: META }));
    const heads: ChainHead[] = [];
    for (let start = 0; start < keys.length; start += MOST_READ)
      heads.push(...(await this.#heads(keys.slice(start, start + MOST_READ))));
    return heads;
  }

  async #heads(keys: readonly Record<string, unknown>[]): Promise<readonly ChainHead[]> {
    const items = await readBatch(this.#client, this.#table, keys, 'pk, audit');
    return items.map(({ pk, audit }) => ({ chain: chainOfPartition(String(pk)), ...(audit as AuditHead) }));
  }
}

const eventAsFiled = (item: Readonly<Record<string, unknown>>): unknown =>
  isMisfiled(item) ? { ...(item['event'] as object), misfiled: true } : item['event'];

const chainsOf = (items: readonly Record<string, unknown>[]): readonly string[] =>
  items.map(({ pk }) => chainOfPartition(String(pk)));
