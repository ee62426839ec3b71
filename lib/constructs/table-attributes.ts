/** What a function may see or change of an item, where that is not all of it. */
import type { PepperUser } from '../../lambdas/core/domain/pepper-fault.ts';
import { TABLE_INDEXES } from '../../rules/table-indexes.ts';

/** What the authorizer may change: use counters, first uses and first refusals, never a status, a version or a scope. */
export const USE_ATTRIBUTES = [
  'pk',
  'sk',
  'version',
  'requests',
  'deprecatingRequests',
  'lastUsedAtMs',
  'ttl',
  'callerTags',
  'caller_*',
  'callerRequests_*',
  'minute_*',
  'firstUsesMs',
  'firstRefusalsMs',
];

/** What a chain of events is checked from: no hash of a key, no seal. */
export const EVENT_ATTRIBUTES = [
  'pk',
  'sk',
  'event',
  'audit',
  ...new Set(
    TABLE_INDEXES.filter(({ carries }) => carries?.includes('event')).flatMap(({ pk, sk }) => [pk, sk]),
  ),
];

/** What a sender reads of a notice. */
export const NOTICE_ATTRIBUTES = ['pk', 'sk', 'notice', 'state'];

/** What changes of a notice. */
export const STATE_ATTRIBUTES = ['pk', 'sk', 'state', 'noticePk', 'noticeSk', 'ttl'];

/** What the authorizer may change of the counters of wrong keys, which are no key's. */
export const WRONG_KEY_ATTRIBUTES = [
  'pk',
  'sk',
  'version',
  'requests',
  'reason_*',
  'firstAtMs',
  'lastAtMs',
  'caller_*',
  'ttl',
];

/** What is counted of troubles with the pepper, by each function its own. */
export const faultAttributes = (user: PepperUser): string[] => [
  'pk',
  'sk',
  'firstAtMs',
  'lastAtMs',
  'ttl',
  `by_${user}`,
];

/** That such a trouble is told. */
export const TOLD_ATTRIBUTES = ['pk', 'sk', 'toldTimes', 'countedTimes'];

/** What the minutes of a rotation are read from. */
export const COUNTER_ATTRIBUTES = ['pk', 'sk', 'version', 'lastUsedAtMs', 'minute_*'];
