/** Troubles with the pepper as items: all lie together, by window, apart from the pepper's record. No AWS package. */
import { FAULTS_PARTITION } from '../../../rules/table-items.ts';
import {
  faultName,
  faultNamed,
  PEPPER_USERS,
  type PepperFaultCount,
  type PepperFaultKind,
} from '../../core/domain/pepper-fault.ts';
import type { NotedPepperFault } from '../../core/ports/pepper-faults.ts';
import type { UpdateParts } from './use-item.ts';

/** Long after it was told, or given up on being told. */
const KEPT_SECONDS = 2 * 86_400;

/** Where windows of this start lie, and all later ones behind it. */
export const windowPlace = (windowMs: number): string => new Date(windowMs).toISOString();

export const faultKey = (fault: PepperFaultKind & Pick<PepperFaultCount, 'windowMs'>) => ({
  pk: FAULTS_PARTITION,
  sk: `${windowPlace(fault.windowMs)}#${faultName(fault)}`,
});

/** Adds to what is counted, whether the item exists or not. */
export function pepperFaultUpdate(fault: PepperFaultCount): UpdateParts {
  const users = Object.entries(fault.metBy);
  return {
    Key: faultKey(fault),
    UpdateExpression: `SET #f = if_not_exists(#f, :f), #l = :l, #t = :t ADD ${users
      .map((_, index) => `#b${index} :b${index}`)
      .join(', ')}`,
    ExpressionAttributeNames: {
      '#f': 'firstAtMs',
      '#l': 'lastAtMs',
      '#t': 'ttl',
      ...Object.fromEntries(users.map(([user], index) => [`#b${index}`, timesAttribute(user)])),
    },
    ExpressionAttributeValues: {
      ':f': fault.firstAtMs,
      ':l': fault.lastAtMs,
      ':t': Math.floor(fault.windowMs / 1000) + KEPT_SECONDS,
      ...Object.fromEntries(users.map(([, times], index) => [`:b${index}`, times])),
    },
  };
}

const timesAttribute = (user: string): string => `by_${user}`;

/** By `as` of the ledger: how often it had been met when that was put on record. */
export const TOLD_ATTRIBUTES = { told: 'toldTimes', counted: 'countedTimes' } as const;

/** The fault that an item holds; undefined for an item that holds none. */
export function notedFaultOf(item: Readonly<Record<string, unknown>>): NotedPepperFault | undefined {
  const [window = '', ...name] = String(item['sk']).split('#');
  const kind = faultNamed(name.join('#'));
  const windowMs = Date.parse(window);
  if (!kind || Number.isNaN(windowMs)) return undefined;
  const times = PEPPER_USERS.map((user) => [user, Number(item[timesAttribute(user)] ?? 0)] as const);
  const toldTimes = item[TOLD_ATTRIBUTES.told];
  // An update can tell no earlier time from a later one: what waited longer may be written behind what came after it.
  const moments = [Number(item['firstAtMs']), Number(item['lastAtMs'])];
  return {
    ...kind,
    windowMs,
    metBy: Object.fromEntries(times.filter(([, count]) => count > 0)),
    firstAtMs: Math.min(...moments),
    lastAtMs: Math.max(...moments),
    ...(toldTimes === undefined ? {} : { toldTimes: Number(toldTimes) }),
    counted: item[TOLD_ATTRIBUTES.counted] !== undefined,
  };
}
