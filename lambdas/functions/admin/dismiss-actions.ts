/** Notices that were given up, and that operators want nobody to be told of any more. */
import { parseFreeText } from '../../../rules/free-text.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import {
  type DismissDeps,
  type DismissedBy,
  type DismissOutcome,
  dismissNotice,
} from '../../core/use-cases/dismiss-notice.ts';
import type { Answer } from './actions.ts';
import { isNoticeName, noticeNamed } from './notice-names.ts';
import type { DismissInput } from './notices-contract.ts';
import { badRequest, failure, success, unknownNotice } from './outcomes.ts';

const LONGEST_REASON = 500;
/** Each is a transaction, one after the other, since those of one key grow one chain. */
const MOST = 50;

/** One that is not parked is refused; of several those are left. */
export async function dismiss(
  deps: DismissDeps,
  { noticeId, noticeIds, reason: given }: DismissInput,
  actor: Actor,
): Answer<'dismiss-notices'> {
  const reason = parseFreeText(given, 'reason', LONGEST_REASON);
  if (!reason.ok) return badRequest(reason);
  const by = { actor, reason: reason.value };
  if (noticeIds === undefined) return isNoticeName(noticeId) ? dismissOne(deps, noticeId, by) : either();
  if (noticeId !== undefined || !isList(noticeIds)) return either();
  const left: string[] = [];
  for (const each of noticeIds) {
    if ((await outcomeOf(deps, each, by)) !== 'dismissed') left.push(each);
  }
  return success({ dismissed: noticeIds.length - left.length, left });
}

async function dismissOne(deps: DismissDeps, noticeId: string, by: DismissedBy): Answer<'dismiss-notices'> {
  const outcome = await outcomeOf(deps, noticeId, by);
  if (outcome === 'dismissed') return success({ dismissed: 1, left: [] });
  if (outcome === 'unknown-notice') return unknownNotice(noticeId);
  return failure('conflict', `Notice '${noticeId}' ${STANDS[outcome]}`, MENDS[outcome]);
}

const outcomeOf = async (deps: DismissDeps, noticeId: string, by: DismissedBy): Promise<DismissOutcome> => {
  const ref = noticeNamed(noticeId);
  return ref ? dismissNotice(deps, ref, by) : 'unknown-notice';
};

type Standing = Exclude<DismissOutcome, 'dismissed' | 'unknown-notice'>;

const STANDS: Readonly<Record<Standing, string>> = {
  'dismissed-before': 'was dismissed already.',
  'sent-before': 'was sent.',
  'on-its-way': 'is on its way.',
  'not-parked': 'is not parked.',
};

const MENDS: Readonly<Record<Standing, string>> = {
  'dismissed-before': '`keyturn audit --kind notice.dismissed` says by whom, and why.',
  'sent-before': 'There is nothing to dismiss.',
  'on-its-way': 'It is tried for a day, and can be dismissed if it is given up.',
  'not-parked': 'Nothing is tried any more and nothing alarms: there is nothing to dismiss.',
};

const isList = (ids: unknown): ids is readonly string[] =>
  Array.isArray(ids) && ids.length > 0 && ids.length <= MOST && ids.every(isNoticeName);

const either = () =>
  failure(
    'bad-request',
    'It is not said which notice is to be dismissed.',
    `Give a noticeId, or 1 to ${MOST} noticeIds.`,
  );
