/** The steps of a notice as pure changes of its state: each is one conditional write on the state that was seen. */
import type { SendOutcome } from '../ports/notices.ts';
import type { Notice, NoticeState } from './notice.ts';
import { doubtMs, LEASE_MS, pauseMs } from './notice-pauses.ts';

/** Tries since it was made, or since an operator had it sent again. */
const triesOf = ({ attempts, formerAttempts = 0 }: NoticeState): number => attempts - formerAttempts;

/** It waits for its time, or its sender died and has left no trace for as long as one could come. */
export const isDue = ({ status, dueAtMs = 0 }: NoticeState, nowMs: number): boolean =>
  (status === 'waiting' || status === 'sending') && dueAtMs <= nowMs;

/** Whether another try may be begun: a sender that died in the last one has used it up. */
export const mayTry = ({ channel }: Notice, state: NoticeState): boolean =>
  state.status === 'waiting' || pauseMs(channel, triesOf(state), 0) !== undefined;

/**
 * One sender has it, from before it sends: should it die, nobody takes what may be out for what is not, until the
 * receiver had its time to say so.
 */
export const claimed = (notice: Notice, state: NoticeState, nowMs: number): NoticeState => ({
  ...kept(state),
  status: 'sending',
  attempts: state.attempts + 1,
  dueAtMs: nowMs + LEASE_MS + doubtMs(notice),
});

/** What becomes of a claimed notice by the outcome of its try. @param random from 0 up to 1 */
export function settled(
  notice: Notice,
  state: NoticeState,
  outcome: SendOutcome,
  { nowMs, random }: { readonly nowMs: number; readonly random: number },
): NoticeState {
  switch (outcome.outcome) {
    case 'sent': {
      const { receipt } = outcome;
      return {
        ...kept(state),
        status: 'sent',
        sentAtMs: nowMs,
        ...(receipt === undefined ? {} : { receipt }),
      };
    }
    case 'withheld':
      return { ...kept(state), status: 'withheld', settledAtMs: nowMs, why: outcome.why };
    case 'refused':
      return parked(state, outcome.why, nowMs);
    case 'later':
    case 'unknown': {
      const pause = pauseMs(notice.channel, triesOf(state), random);
      if (pause === undefined) return parked(state, outcome.why, nowMs);
      const least = outcome.outcome === 'unknown' ? doubtMs(notice) : (outcome.afterMs ?? 0);
      const dueAtMs = nowMs + Math.max(pause, least);
      return { ...kept(state), status: 'waiting', dueAtMs, why: outcome.why };
    }
  }
}

/** Given up, for an operator to see and to send again. */
export const parked = (state: NoticeState, why: string, nowMs: number): NoticeState => ({
  ...kept(state),
  status: 'parked',
  settledAtMs: nowMs,
  why,
});

/** An operator's word that it is not to be sent any more; why it was given up stays. */
export const dismissed = (
  state: NoticeState,
  { by, reason }: { readonly by: string; readonly reason: string },
  nowMs: number,
): NoticeState => ({
  ...state,
  status: 'dismissed',
  settledAtMs: nowMs,
  dismissedBy: by,
  dismissedFor: reason,
});

/** An operator's word: its tries and their pauses begin anew. */
export const sentAgain = (state: NoticeState, nowMs: number): NoticeState => ({
  status: 'waiting',
  attempts: state.attempts,
  formerAttempts: state.attempts,
  dueAtMs: nowMs,
});

/** What stays of a state when it changes. */
const kept = ({ attempts, formerAttempts }: NoticeState) => ({
  attempts,
  ...(formerAttempts === undefined ? {} : { formerAttempts }),
});
