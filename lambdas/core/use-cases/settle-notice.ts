/** What became of a notice's mail. That it told nobody is an event of its key, written with it; one that is of no key says so itself. */
import type { AuditEntry } from '../domain/audit-event.ts';
import type { MailEvent } from '../domain/mail-event.ts';
import type { MailRef } from '../domain/mail-ref.ts';
import type { StoredNotice } from '../domain/notice.ts';
import { afterMailEvent } from '../domain/notice-fate.ts';
import type { NoticeMove } from '../ports/notices.ts';
import { changeKey, type Decision } from './change-key.ts';
import { MAIL_SERVICE, type SettleDeps, type Settled } from './settle-mail.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

type OfNotice = Extract<MailRef, { of: 'notice' }>;

export async function settleNotice(deps: SettleDeps, event: MailEvent, ref: OfNotice): Promise<Settled> {
  const stored = await deps.outbox.find(ref.notice);
  const keyId = stored?.notice.keyId;
  const action = ACTIONS[event.fate];
  if (!stored || keyId === undefined || !action) return settleAlone(deps, event, ref);
  return changeKey(deps.store, keyId, async (record): Promise<Decision<Settled>> => {
    const move = await nextMove(deps, event, ref);
    if (!record || !move) return { result: 'known' };
    const entry = entryOf(action, move.stored, event, deps.clock());
    return { result: 'settled', change: { after: record, entry, moves: [move] } };
  });
}

const ACTIONS: Partial<Record<MailEvent['fate'], AuditEntry['action']>> = {
  returned: 'notice.bounced',
  bounced: 'notice.bounced',
  complained: 'notice.complained',
};

/** Its sender may be writing at the same moment. */
const settleAlone = (deps: SettleDeps, event: MailEvent, ref: OfNotice): Promise<Settled> =>
  untilSettled(
    async () => {
      const move = await nextMove(deps, event, ref);
      if (!move) return 'known';
      return (await deps.outbox.move(move.stored, move.next)) === 'moved' ? 'settled' : AGAIN;
    },
    (attempts) => `A notice changed ${attempts} times while an event of its mail was being written.`,
  );

async function nextMove(
  { outbox }: SettleDeps,
  event: MailEvent,
  { notice, attempt }: OfNotice,
): Promise<NoticeMove | undefined> {
  const stored = await outbox.find(notice);
  const next = stored && afterMailEvent(stored.state, { ...event, attempt });
  return next && { stored, next };
}

function entryOf(
  action: AuditEntry['action'],
  { notice: { kind, recipient, rotationId } }: StoredNotice,
  { why, receipt, atMs }: MailEvent,
  nowMs: number,
): AuditEntry {
  return {
    action,
    actor: MAIL_SERVICE,
    // When it was heard of: an event that comes late stands where it was written.
    atMs: nowMs,
    ...(why === undefined ? {} : { reason: why }),
    ...(rotationId === undefined ? {} : { rotationId }),
    detail: { kind, recipient, receipt, happenedAtMs: atMs },
  };
}
