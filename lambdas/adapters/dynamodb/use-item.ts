/** Use counters as items: one for each key, version and hour. No AWS package. */
import { createHash } from 'node:crypto';
import { DAY_SECONDS } from '../../../rules/time-units.ts';
import { type Caller, callerName } from '../../core/domain/caller.ts';
import type { UseIncrement } from '../../core/ports/authorization.ts';
import { partitionOf, useSortKey } from './key-item.ts';

/**
 * Counters live this long: `lastUsedAt` and `requests` of `show` reach back so far. Longer than the longest window, of
 * 90 days: without the hour before it, which its base has counted, uses in it would be taken for that hour's.
 */
const RETENTION_SECONDS = 92 * DAY_SECONDS;

/** From this many callers named in one item on, requests are counted and nobody new is named. */
const MOST_CALLERS = 40;

export interface UseItem {
  readonly sk: string;
  readonly version: number;
  readonly requests: number;
  readonly deprecatingRequests?: number;
  readonly lastUsedAtMs: number;
  readonly [attribute: string]: unknown;
}

export interface UpdateParts {
  readonly Key: Record<string, unknown>;
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/**
 * The update that adds an increment.
 *
 * Callers are attributes of their own, so that one update adds counts and names without the item having to exist.
 * Its condition keeps the list bounded: there is room, or every caller is on it already. When it fails the increment
 * goes in once more without `callers`.
 */
export function useUpdate(increment: UseIncrement): UpdateParts {
  const names: Record<string, string> = {
    '#v': 'version',
    '#r': 'requests',
    '#l': 'lastUsedAtMs',
    '#t': 'ttl',
  };
  const values: Record<string, unknown> = {
    ':v': increment.version,
    ':r': increment.requests,
    ':l': increment.lastUsedAtMs,
    ':t': Math.floor(increment.hourMs / 1000) + RETENTION_SECONDS,
  };
  const sets = ['#v = :v', '#l = :l', '#t = :t'];
  const adds = ['#r :r'];
  if (increment.deprecatingRequests > 0) {
    names['#d'] = 'deprecatingRequests';
    values[':d'] = increment.deprecatingRequests;
    adds.push('#d :d');
  }
  for (const [minute, requests] of Object.entries(increment.minutes)) {
    names[`#m${minute}`] = minuteAttribute(Number(minute));
    values[`:m${minute}`] = requests;
    adds.push(`#m${minute} :m${minute}`);
  }
  const known: string[] = [];
  const tags = new Set<string>();
  increment.callers.forEach((caller, index) => {
    const { requests, ...seen } = caller;
    const tag = tagOf(caller);
    // A tag that is there twice, as of a caller that is there twice, would make DynamoDB refuse the whole update.
    if (tags.has(tag)) return;
    tags.add(tag);
    names[`#c${index}`] = `caller_${tag}`;
    names[`#n${index}`] = `callerRequests_${tag}`;
    values[`:c${index}`] = seen;
    values[`:n${index}`] = requests;
    sets.push(`#c${index} = :c${index}`);
    adds.push(`#n${index} :n${index}`);
    known.push(`attribute_exists(#c${index})`);
  });
  const bounded = known.length > 0;
  if (bounded) {
    names['#k'] = 'callerTags';
    values[':k'] = tags;
    values[':most'] = MOST_CALLERS;
    adds.push('#k :k');
  }
  return {
    Key: { pk: partitionOf(increment.keyId), sk: useSortKey(increment.hourMs, increment.version) },
    UpdateExpression: `SET ${sets.join(', ')} ADD ${adds.join(', ')}`,
    ...(bounded
      ? {
          ConditionExpression: `attribute_not_exists(#k) OR size(#k) < :most OR (${known.join(' AND ')})`,
        }
      : {}),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

/** Of a hash that nobody can aim: whoever has another's tag would take its place, and a thief leave no address. */
const tagOf = (caller: Caller): string =>
  createHash('sha256').update(callerName(caller)).digest('hex').slice(0, 16);

/** Minutes stand in the item of their hour: counting them costs no write of its own. */
const MINUTE = /^minute_(\d\d)$/;
export const minuteAttribute = (minute: number): string => `minute_${String(minute).padStart(2, '0')}`;

/** Requests by minute of the hour, as an item has them. */
export function minutesOf(item: UseItem): ReadonlyMap<number, number> {
  return new Map(
    Object.entries(item).flatMap(([attribute, requests]) => {
      const minute = MINUTE.exec(attribute)?.[1];
      return minute === undefined ? [] : [[Number(minute), Number(requests)] as const];
    }),
  );
}

/** The callers that an item names. */
export function callersOf(item: UseItem): readonly Caller[] {
  return Object.entries(item).flatMap(([attribute, value]) => {
    if (!attribute.startsWith('caller_')) return [];
    const { address, userAgent, lastUsedAtMs } = value as Omit<Caller, 'requests'>;
    const requests = Number(item[attribute.replace('caller_', 'callerRequests_')] ?? 0);
    return [{ address, userAgent, lastUsedAtMs, requests }];
  });
}
