/** How a notice stands once the mail service has told something of its mail. Nothing moves backwards. */
import type { MailEvent } from './mail-event.ts';
import type { NoticeState } from './notice.ts';

export interface NoticeEvent extends Pick<MailEvent, 'fate' | 'receipt' | 'why' | 'atMs'> {
  /** The try that the mail was. */
  readonly attempt: number;
}

/** @returns undefined where the event says nothing that is not known, or is of a mail that no longer counts */
export function afterMailEvent(state: NoticeState, event: NoticeEvent): NoticeState | undefined {
  if (!isOfThisMail(state, event)) return undefined;
  switch (event.fate) {
    case 'sent':
      return isOpen(state) ? sent(state, event) : undefined;
    case 'delivered':
      return delivered(state, event);
    case 'delayed':
      return troubled(state, event);
    case 'rejected':
      return isOver(state) ? undefined : ended(state, event, 'parked');
    // The service tries for hours before it says so: for this mail a full mailbox is as final as none.
    case 'returned':
    case 'bounced':
      return isOver(state) ? undefined : ended(state, event, 'bounced');
    case 'complained':
      return isOver(state) ? undefined : ended(state, event, 'complained');
  }
}

/**
 * Once a try is over its receipt says which mail it was. Before that the number of the try does: its sender may have died
 * between the service's answer and the record, or another may be sending already, and then that one counts.
 */
function isOfThisMail(state: NoticeState, { receipt, attempt }: NoticeEvent): boolean {
  const { status, attempts } = state;
  if (status === 'withheld' || status === 'dismissed' || attempts === 0) return false;
  // A mail that is on record already, before an operator had the notice sent again.
  if (isOpen(state)) return state.receipt !== receipt && isLastTry(state, attempt);
  return state.receipt === undefined ? attempt <= attempts : state.receipt === receipt;
}

/** Of a notice that waits for another try: one of its tries was taken after all, whichever that was. */
const isLastTry = ({ status, attempts, formerAttempts = 0 }: NoticeState, attempt: number): boolean =>
  status === 'sending' ? attempt === attempts : attempt <= attempts && attempt > formerAttempts;

/** Nobody knows yet whether it is out. */
const isOpen = ({ status, receipt }: NoticeState): boolean =>
  status === 'waiting' || status === 'sending' || (status === 'parked' && receipt === undefined);

/** Came to its end by an event of the service. */
const isOver = ({ status, receipt }: NoticeState): boolean =>
  status === 'bounced' || status === 'complained' || (status === 'parked' && receipt !== undefined);

const sent = ({ attempts, formerAttempts }: NoticeState, { receipt, atMs }: NoticeEvent): NoticeState => ({
  status: 'sent',
  attempts,
  ...(formerAttempts === undefined ? {} : { formerAttempts }),
  sentAtMs: atMs,
  receipt,
});

/** What put it off before is over. */
function delivered(state: NoticeState, event: NoticeEvent): NoticeState | undefined {
  if (isOver(state) || state.deliveredAtMs !== undefined) return undefined;
  const { why: _over, ...now } = isOpen(state) ? sent(state, event) : state;
  return { ...now, deliveredAtMs: event.atMs };
}

/** It is out, and has not arrived as far as is known. */
function troubled(state: NoticeState, event: NoticeEvent): NoticeState | undefined {
  if (isOver(state) || state.deliveredAtMs !== undefined) return undefined;
  const now = isOpen(state) ? sent(state, event) : state;
  const why = event.why ?? now.why;
  return now === state && why === state.why ? undefined : { ...now, ...(why === undefined ? {} : { why }) };
}

function ended(
  state: NoticeState,
  event: NoticeEvent,
  status: 'bounced' | 'complained' | 'parked',
): NoticeState {
  const { dueAtMs: _due, ...kept } = isOpen(state) ? sent(state, event) : state;
  return {
    ...kept,
    status,
    receipt: event.receipt,
    settledAtMs: event.atMs,
    ...(event.why === undefined ? {} : { why: event.why }),
  };
}
