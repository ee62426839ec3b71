/** What operators ask about notices, and that they be sent again. */
import { readToken, writeToken } from '../../adapters/dynamodb/page-token.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import type { KeyRecord } from '../../core/domain/key-record.ts';
import type { StoredNotice } from '../../core/domain/notice.ts';
import type { KeyStore } from '../../core/ports/key-store.ts';
import type { Outbox } from '../../core/ports/notices.ts';
import { noticesOfKey } from '../../core/use-cases/list-notices.ts';
import { type ResendDeps, resendNotice, resendParked } from '../../core/use-cases/resend-notice.ts';
import type { Answer } from './actions.ts';
import { isNoticeName, noticeNamed } from './notice-names.ts';
import { noticeView } from './notice-views.ts';
import type { NoticesInput, ResendInput } from './notices-contract.ts';
import { badLimit, badToken, failure, isLimit, success, unknownKey, unknownNotice } from './outcomes.ts';

export interface NoticeAdminDeps extends ResendDeps {
  readonly store: Pick<KeyStore, 'find'>;
  readonly outbox: Outbox;
}

/** The last notice of a page. */
interface Place {
  readonly madeAtMs: number;
  readonly noticeId: string;
}

export async function notices(deps: NoticeAdminDeps, input: NoticesInput): Answer<'notices'> {
  const { keyId, parked = false, limit = 50, nextToken } = input;
  if (!isLimit(limit)) return badLimit(limit);
  if (typeof parked !== 'boolean') return badFlag(parked);
  if (nextToken !== undefined && typeof nextToken !== 'string') return badToken();
  if (keyId !== undefined) return ofKey(deps, keyId, { parked, limit, ...tokenOf(nextToken) });
  const page = await deps.outbox.parked({ limit, ...tokenOf(nextToken) });
  if (page === 'bad-token') return badToken();
  return success({ notices: page.notices.map(noticeView), nextToken: page.nextToken });
}

async function ofKey(
  deps: NoticeAdminDeps,
  keyId: string,
  asked: Required<Pick<NoticesInput, 'parked' | 'limit'>> & Pick<NoticesInput, 'nextToken'>,
): Answer<'notices'> {
  if (!(await findKey(deps, keyId))) return unknownKey(keyId);
  const all = await noticesOfKey(deps.outbox, keyId);
  const place = asked.nextToken === undefined ? undefined : readToken<Place>(asked.nextToken, isPlace);
  if (asked.nextToken !== undefined && !place) return badToken();
  const wanted = all
    .filter(({ state }) => !asked.parked || state.status === 'parked')
    .filter((stored) => !place || isAfter(stored, place));
  const shown = wanted.slice(0, asked.limit);
  const last = shown.at(-1)?.notice;
  const isMore = last !== undefined && shown.length < wanted.length;
  return success({
    notices: shown.map(noticeView),
    nextToken: isMore ? writeToken({ madeAtMs: last.madeAtMs, noticeId: last.noticeId }) : null,
  });
}

/** All that are parked, or one that told nobody. */
export async function resend(deps: NoticeAdminDeps, input: ResendInput): Answer<'resend-notices'> {
  const { noticeId, parked } = input;
  if (parked !== undefined && typeof parked !== 'boolean') return badFlag(parked);
  if (parked === true) {
    if (noticeId !== undefined) return either();
    return success(await resendParked(deps));
  }
  if (!isNoticeName(noticeId)) return either();
  const ref = noticeNamed(noticeId);
  switch (ref ? await resendNotice(deps, ref) : 'unknown-notice') {
    case 'resent':
      return success({ resent: 1, more: false });
    case 'unknown-notice':
      return unknownNotice(noticeId);
    case 'sent-before':
      return failure(
        'conflict',
        `Notice '${noticeId}' was sent already.`,
        'Its recipient has it, as far as the mail service says: nothing goes out twice.',
      );
    case 'on-its-way':
      return failure(
        'conflict',
        `Notice '${noticeId}' is on its way.`,
        'It goes out by itself, within a minute or when its next try is due.',
      );
  }
}

const findKey = async (
  { store }: Pick<NoticeAdminDeps, 'store'>,
  keyId: unknown,
): Promise<KeyRecord | undefined> => (isKeyId(keyId) ? store.find(keyId) : undefined);

const tokenOf = (nextToken: string | undefined) => (nextToken === undefined ? {} : { nextToken });

/** In the order of a listing: the latest first, those of one moment by their ids. */
const isAfter = ({ notice }: StoredNotice, { madeAtMs, noticeId }: Place): boolean =>
  notice.madeAtMs < madeAtMs || (notice.madeAtMs === madeAtMs && notice.noticeId > noticeId);

const isPlace = ({ madeAtMs, noticeId }: Partial<Place>): boolean =>
  Number.isFinite(madeAtMs) && typeof noticeId === 'string';

const badFlag = (parked: unknown) =>
  failure('bad-request', `parked '${String(parked)}' is neither true nor false.`, 'Give a JSON boolean.');

const either = () =>
  failure(
    'bad-request',
    'It is not said which notice is to be sent again.',
    'Give a noticeId, or parked alone for all that are parked.',
  );
