/** Sends one notice of the outbox, if its time has come and nobody else has it. */
import type { Notice, NoticeState, StoredNotice } from '../domain/notice.ts';
import { claimed, isDue, mayTry, parked, settled } from '../domain/notice-steps.ts';
import type { Clock } from '../ports/ambient.ts';
import type { NoticeRef, NoticeSender, NoticeSenders, Outbox, SendOutcome } from '../ports/notices.ts';

export interface SendDeps {
  readonly outbox: Pick<Outbox, 'find' | 'move'>;
  readonly senders: NoticeSenders;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Told of what a sender threw; the notice is tried again. */
  readonly onFailure: (ref: NoticeRef, error: unknown) => void;
}

export interface Sent {
  /** `nothing`: it is not due, or another sender has it, or it is settled. */
  readonly result: 'sent' | 'later' | 'parked' | 'withheld' | 'nothing';
  readonly throttled?: boolean;
}

const NOTHING: Sent = { result: 'nothing' };
const DIED = 'Its sender did not say what became of the last try: it may be out.';

/**
 * Claimed before it is sent and settled after it, so that of several senders at once, and of one stream record that comes
 * twice, one sends. Throws what the outbox throws; then nothing is lost: it is due again when the claim runs out.
 */
export async function sendNotice(deps: SendDeps, ref: NoticeRef): Promise<Sent> {
  const stored = await deps.outbox.find(ref);
  if (!stored || !isDue(stored.state, deps.clock())) return NOTHING;
  const { notice, state } = stored;
  const sender = senderOf(deps.senders, notice);
  if (!mayTry(notice, state)) return giveUp(deps, stored, sender, DIED);
  if (!sender) return giveUp(deps, stored, sender, unconfigured(notice));
  const claim = claimed(notice, state, deps.clock());
  if ((await deps.outbox.move(stored, claim)) === 'stale') return NOTHING;
  const outcome = await tryOnce(deps, sender, notice, claim.attempts);
  return settle(deps, { notice, state: claim }, sender, outcome);
}

/** Nobody knows what became of a try that threw. */
async function tryOnce(
  { onFailure }: SendDeps,
  sender: NoticeSender,
  notice: Notice,
  attempt: number,
): Promise<SendOutcome> {
  try {
    return await sender.send(notice, attempt);
  } catch (error) {
    onFailure(notice, error);
    return { outcome: 'unknown', why: `The try broke off (${(error as Error).name}).` };
  }
}

/** A claim that is not the stored state any more was settled by the receiver's own record, which is as good. */
async function settle(
  deps: SendDeps,
  stored: StoredNotice,
  sender: NoticeSender,
  outcome: SendOutcome,
): Promise<Sent> {
  const at = { nowMs: deps.clock(), random: deps.random() };
  const next = settled(stored.notice, stored.state, outcome, at);
  if (next.status === 'parked') await sender.onGivenUp?.(stored.notice, next.why as string);
  await deps.outbox.move(stored, next);
  const throttled = outcome.outcome === 'later' && outcome.throttled === true;
  return { result: resultOf(next), ...(throttled ? { throttled } : {}) };
}

async function giveUp(
  { outbox, clock }: SendDeps,
  stored: StoredNotice,
  sender: NoticeSender | undefined,
  why: string,
): Promise<Sent> {
  await sender?.onGivenUp?.(stored.notice, why);
  const outcome = await outbox.move(stored, parked(stored.state, why, clock()));
  return outcome === 'moved' ? { result: 'parked' } : NOTHING;
}

const resultOf = ({ status }: NoticeState): Sent['result'] =>
  status === 'waiting' || status === 'sending' ? 'later' : (status as Sent['result']);

/** By its channel it takes these notices alone. */
const senderOf = (senders: NoticeSenders, { channel }: Notice): NoticeSender | undefined =>
  senders[channel] as NoticeSender | undefined;

const unconfigured = ({ channel }: Notice): string =>
  channel === 'mail'
    ? 'No address to send from is configured: give ApiKeyLifecycle notifications.from, deploy, and send it again.'
    : `Nothing sends by '${channel}' in this deployment: configure it, deploy, and send it again.`;
