/** Events by the indexes that have them: ranges of partitions, merged in their order, never a scan. */
import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../../rules/time-units.ts';
import { AUDIT_ACTIONS, type AuditEvent } from '../../core/domain/audit-event.ts';
import { isAskedFor } from '../../core/domain/audit-filter.ts';
import { RecordAltered } from '../../core/domain/errors.ts';
import type { AuditOrder, AuditPage, AuditQuery, AuditReader } from '../../core/ports/audit-reader.ts';
import { type AuditSource, chainSource, edgeOfDay, kindSource, sourceOf } from './audit-source.ts';
import { placedEvent } from './key-item.ts';
import { readToken, writeToken } from './page-token.ts';

interface Place {
  /** Behind which sort key to go on. */
  readonly after: string;
  /** Which question it belongs to. */
  readonly of: string;
}

interface Found {
  readonly place: string;
  /** Absent: what lies there is no event of a chain. */
  readonly event?: AuditEvent | undefined;
}

interface Batch {
  readonly found: readonly Found[];
  /** False: there is more in these partitions. */
  readonly whole: boolean;
}

interface Page {
  readonly events: readonly AuditEvent[];
  /** Absent: there is nothing behind them. */
  readonly after?: string | undefined;
}

/** What the answer of a Lambda function may hold, with room for what is around it. */
const MOST_BYTES = 4_000_000;
/** Of queries one after the other, for one page. */
const MOST_ROUNDS = 40;
/** Where most of what is read may be left out, as many are read at once as if nothing were. */
const FEWEST_READ = 100;
const CHAIN_READ = 1000;

export class DynamoAuditReader implements AuditReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async events(query: AuditQuery): Promise<AuditPage | 'bad-token'> {
    const of = questionOf(query);
    const source = sourceOf(query);
    const isOurs = (place: Partial<Place>) =>
      place.of === of && typeof place.after === 'string' && source.isPlace(place.after);
    const { nextToken } = query;
    const start = nextToken === undefined ? undefined : readToken<Place>(nextToken, isOurs);
    if (nextToken !== undefined && !start) return 'bad-token';
    const { events, after } = await this.#page(query, source, start?.after);
    return { events, nextToken: after === undefined ? null : writeToken({ after, of }) };
  }

  async *chain(chain: string, fromSequence: number): AsyncGenerator<AuditEvent> {
    const source = chainSource(chain, fromSequence);
    let after: string | undefined;
    let batch: Batch;
    do {
      batch = await this.#batch(source, after, 'oldest', CHAIN_READ);
      yield* batch.found.flatMap(({ event }) => event ?? []);
      after = batch.found.at(-1)?.place ?? after;
    } while (!batch.whole);
  }

  async #page(query: AuditQuery, source: AuditSource, start: string | undefined): Promise<Page> {
    const { order, limit } = query;
    const events: AuditEvent[] = [];
    let bytes = 0;
    let after = start ?? (source.byDay ? await this.#dayWithEvents(source, order) : undefined);
    if (source.byDay && after === undefined) return { events };
    let behind = after;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { found, whole } = await this.#batch(source, after, order, limit);
      for (const { place, event } of found) {
        if (event && isAskedFor(event, query)) {
          bytes += Buffer.byteLength(JSON.stringify(event));
          // The next page begins behind a place: what else lies at this one must not take the event with it.
          if (events.length === limit || (events.length > 0 && bytes > MOST_BYTES))
            return { events, after: place === after ? behind : after };
          events.push(event);
        }
        if (place !== after) behind = after;
        after = place;
      }
      if (!whole && events.length === limit) break;
      if (whole)
        after = source.byDay ? await this.#nextDay(source, order, after, found.length > 0) : undefined;
      if (after === undefined) break;
    }
    return { events, after };
  }

  /**
   * Of every partition as many as may all come first. From where the one was read to that was read least far, nothing is
   * certain: an index may have any number of items at one place, though no two events.
   */
  async #batch(
    source: AuditSource,
    after: string | undefined,
    order: AuditOrder,
    limit: number,
  ): Promise<Batch> {
    const partitions = source.partitionsAt(after ?? '');
    const read = Math.max(limit, FEWEST_READ) + 2;
    const parts = await Promise.all(partitions.map((each) => this.#read(source, each, after, order, read)));
    const ahead = (left: string, right: string) => (order === 'oldest' ? left < right : left > right);
    const byPlace = (left: string, right: string) => (left === right ? 0 : ahead(left, right) ? -1 : 1);
    const ends = parts.flatMap(({ found, whole }) => (whole ? [] : (found.at(-1)?.place ?? [])));
    const found = parts
      .flatMap((part) => part.found)
      .filter(({ place }) => place !== after && ends.every((end) => ahead(place, end)))
      .sort((left, right) => byPlace(left.place, right.place));
    if (ends.length > 0 && found.length === 0)
      throw new RecordAltered(`Of events at ${ends[0]} there are more than one place can have.`);
    return { found, whole: ends.length === 0 };
  }

  async #read(
    { index, pk, sk, first, last }: AuditSource,
    partition: string,
    after: string | undefined,
    order: AuditOrder,
    limit: number,
  ): Promise<Batch> {
    const from = order === 'oldest' && after !== undefined && after > first ? after : first;
    const to = order === 'latest' && after !== undefined && after < last ? after : last;
    // What was read last may be outside of what is asked for by now, and no range is that way round.
    if (from > to) return { found: [], whole: true };
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': pk, '#sk': sk },
        ExpressionAttributeValues: { ':pk': partition, ':from': from, ':to': to },
        ScanIndexForward: order === 'oldest',
        Limit: limit,
      }),
    );
    const found = Items.map((item) => ({ place: String(item[sk]), event: placedEvent(item) }));
    return { found, whole: LastEvaluatedKey === undefined };
  }

  async #nextDay(
    source: AuditSource,
    order: AuditOrder,
    after: string | undefined,
    hadEvents: boolean,
  ): Promise<string | undefined> {
    const day = String(after).slice(0, 10);
    const next = new Date(Date.parse(day) + (order === 'oldest' ? DAY_MS : -DAY_MS))
      .toISOString()
      .slice(0, 10);
    const place = edgeOfDay(next, order === 'oldest' ? 'begin' : 'end');
    if (order === 'oldest' ? place > source.last : place < source.first) return undefined;
    // After a day without events there may be years without any: the kinds of events, which are few, say where one is.
    return hadEvents
      ? place
      : this.#dayWithEvents(source, order, edgeOfDay(day, order === 'oldest' ? 'end' : 'begin'));
  }

  /** @returns the edge of the first day from here on that has an event */
  async #dayWithEvents(source: AuditSource, order: AuditOrder, after?: string): Promise<string | undefined> {
    const { first, last } = source;
    const firsts = await Promise.all(
      AUDIT_ACTIONS.map((kind) => {
        const events = { ...kindSource({}, kind), first, last };
        return this.#read(events, events.partitionsAt('')[0] as string, after, order, 1);
      }),
    );
    const places = firsts.flatMap(({ found }) => found.map(({ place }) => place)).sort();
    const place = order === 'oldest' ? places[0] : places.at(-1);
    return place && edgeOfDay(place.slice(0, 10), order === 'oldest' ? 'begin' : 'end');
  }
}

/** The period is no part of it: one that ends now ends later when the next page is asked for. */
const questionOf = ({ chain, owner, kind, actor, order }: AuditQuery): string =>
  createHash('sha256')
    .update(JSON.stringify([chain, owner, kind, actor, order]))
    .digest('base64url')
    .slice(0, 16);
