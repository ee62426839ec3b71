/** Counters of wrong keys as items: those of a window lie together, apart from all keys. No AWS package. */
import { RETIRED_USE_PREFIX } from '../../../rules/table-items.ts';
import { WRONG_KEYS_KEPT_SECONDS } from '../../../rules/wrong-key-timing.ts';
import {
  MOST_WRONG_CALLERS,
  sourceName,
  sourceNamed,
  WRONG_KEY_REASONS,
  type WrongKeyCount,
  type WrongKeySource,
} from '../../core/domain/wrong-key.ts';
import type { RetiredUse } from '../../core/ports/authorization.ts';
import type { UpdateParts } from './use-item.ts';

export const wrongKeyPartition = (windowMs: number): string => `WRONG#${new Date(windowMs).toISOString()}`;

/** Start of the window that a partition is of. */
export const windowOfPartition = (partition: string): number => Date.parse(partition.slice('WRONG#'.length));

const ttl = (windowMs: number): number => Math.floor(windowMs / 1000) + WRONG_KEYS_KEPT_SECONDS;

/** Adds a count to its counter, whether that exists or not. A caller takes one of few places: which, the last one says. */
export function wrongKeyUpdate(windowMs: number, count: WrongKeyCount): UpdateParts {
  const names: Record<string, string> = {
    '#q': 'requests',
    '#f': 'firstAtMs',
    '#l': 'lastAtMs',
    '#t': 'ttl',
  };
  const values: Record<string, unknown> = {
    ':q': count.requests,
    ':f': count.firstAtMs,
    ':l': count.lastAtMs,
    ':t': ttl(windowMs),
  };
  const sets = ['#f = if_not_exists(#f, :f)', '#l = :l', '#t = :t'];
  const adds = ['#q :q'];
  for (const [reason, requests] of Object.entries(count.reasons)) {
    const place = reasonPlace(reason);
    names[`#${place}`] = reasonAttribute(reason);
    values[`:${place}`] = requests;
    adds.push(`#${place} :${place}`);
  }
  count.callers.slice(-MOST_WRONG_CALLERS).forEach((caller, index) => {
    names[`#c${index}`] = `caller_${index}`;
    values[`:c${index}`] = caller;
    sets.push(`#c${index} = :c${index}`);
  });
  return {
    Key: { pk: wrongKeyPartition(windowMs), sk: sourceName(count.source) },
    UpdateExpression: `SET ${sets.join(', ')} ADD ${adds.join(', ')}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  };
}

const reasonAttribute = (reason: string): string => `reason_${reason}`;
const reasonPlace = (reason: string): string =>
  `r${(WRONG_KEY_REASONS as readonly string[]).indexOf(reason)}`;

/** The item by which the first use of a retired version in a window is heard of: the first writer makes it. */
export const retiredUseUpdate = (windowMs: number, use: RetiredUse): UpdateParts => ({
  Key: { pk: wrongKeyPartition(windowMs), sk: `${RETIRED_USE_PREFIX}${use.keyId}#${use.version}` },
  UpdateExpression: 'SET #v = :v, #c = :c, #f = :f, #t = :t',
  ConditionExpression: 'attribute_not_exists(pk)',
  ExpressionAttributeNames: { '#v': 'version', '#c': 'caller_0', '#f': 'firstAtMs', '#t': 'ttl' },
  ExpressionAttributeValues: {
    ':v': use.version,
    ':c': { address: use.address, userAgent: use.userAgent, lastUsedAtMs: use.atMs },
    ':f': use.atMs,
    ':t': ttl(windowMs),
  },
});

type Item = Readonly<Record<string, unknown>>;

/** The count that a counter's item holds; undefined of any other item. */
export function wrongKeyCountOf(item: Item): WrongKeyCount | undefined {
  const source = sourceNamed(String(item['sk']));
  if (!source) return undefined;
  const reasons = WRONG_KEY_REASONS.flatMap((reason) => {
    const requests = Number(item[reasonAttribute(reason)] ?? 0);
    return requests > 0 ? [[reason, requests] as const] : [];
  });
  const callers = callersIn(item);
  // An update can tell no earlier time from a later one: a count that waited longer than another may be written behind it.
  const times = [Number(item['firstAtMs']), Number(item['lastAtMs'])];
  times.push(...callers.map(({ lastUsedAtMs }) => lastUsedAtMs));
  return {
    source,
    requests: Number(item['requests']),
    reasons: Object.fromEntries(reasons),
    firstAtMs: Math.min(...times),
    lastAtMs: Math.max(...times),
    callers,
  };
}

const callersIn = (item: Item): WrongKeyCount['callers'] =>
  Object.entries(item).flatMap(([name, value]) =>
    name.startsWith('caller_') ? [value as WrongKeyCount['callers'][number]] : [],
  );

/** The use that an item tells of; undefined of any other item. */
export function retiredUseOf(item: Item): (RetiredUse & { readonly windowMs: number }) | undefined {
  const [, keyId] = String(item['sk']).split('#');
  const [caller] = callersIn(item);
  if (!String(item['sk']).startsWith(RETIRED_USE_PREFIX) || keyId === undefined || !caller) return undefined;
  const { address, userAgent } = caller;
  return {
    keyId,
    version: Number(item['version']),
    address,
    userAgent,
    atMs: Number(item['firstAtMs']),
    windowMs: windowOfPartition(String(item['pk'])),
  };
}

/** Until which window all are told: one item for all of them, beside their partitions. */
export const TOLD_UNTIL = { pk: 'WRONG#TOLD', sk: 'UNTIL' };

const TOLD = 'TOLD#';

/** That a source of a window is on record. */
export const toldItem = (windowMs: number, source: WrongKeySource): Record<string, unknown> => ({
  pk: wrongKeyPartition(windowMs),
  sk: `${TOLD}${sourceName(source)}`,
  ttl: ttl(windowMs),
});

/** The name of the source that an item says is told. */
export const toldSourceIn = ({ sk }: Item): string | undefined =>
  String(sk).startsWith(TOLD) ? String(sk).slice(TOLD.length) : undefined;
