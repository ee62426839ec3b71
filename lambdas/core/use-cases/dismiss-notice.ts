/** An operator says of a notice that was given up that nobody is to be told of it any more. On record, in the same transaction. */
import { type Actor, type AuditEntry, type Chain, chainEvent, namedActor } from '../domain/audit-event.ts';
import { iso } from '../domain/iso-time.ts';
import type { Notice, NoticeState } from '../domain/notice.ts';
import { dismissed } from '../domain/notice-steps.ts';
import { webhookChain, webhookIdOf } from '../domain/webhook.ts';
import type { Clock } from '../ports/ambient.ts';
import type { AuditChains } from '../ports/audit-chains.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { NoticeMove, NoticeRef, Outbox } from '../ports/notices.ts';
import type { WebhookStore } from '../ports/webhooks.ts';
import { changeKey } from './change-key.ts';
import { changeWebhook } from './change-webhook.ts';
import { AGAIN, CHAIN_ATTEMPTS, untilSettled } from './until-settled.ts';

export interface DismissDeps {
  readonly store: KeyStore;
  readonly webhooks: WebhookStore;
  readonly chains: AuditChains;
  readonly outbox: Pick<Outbox, 'find'>;
  readonly clock: Clock;
}

export interface DismissedBy {
  readonly actor: Actor;
  readonly reason: string;
}

/** `not-parked`: it has come to an end that is no alarm. */
export type DismissOutcome =
  | 'dismissed'
  | 'unknown-notice'
  | 'dismissed-before'
  | 'sent-before'
  | 'on-its-way'
  | 'not-parked';

/** Of an alert that is about no key, and of a key whose record is gone. */
export const NOTICES_CHAIN: Chain = { chain: 'notices' };

type Step = { readonly move: NoticeMove; readonly entry: AuditEntry } | { readonly outcome: DismissOutcome };

/**
 * In the chain of its webhook, or of its key, as long as there is one. Whoever claims it or has it sent again at the same
 * moment comes first or too late: each holds on the state that was seen.
 */
export async function dismissNotice(
  deps: DismissDeps,
  ref: NoticeRef,
  by: DismissedBy,
): Promise<DismissOutcome> {
  const stored = await deps.outbox.find(ref);
  if (!stored) return 'unknown-notice';
  const { partition, keyId } = stored.notice;
  const webhookId = webhookIdOf(partition);
  const step = () => stepOf(deps, ref, by);
  if (webhookId !== undefined) {
    // Of one that was removed long ago the chain alone is left, and holds its own end.
    return (await withWebhook(deps, webhookId, step)) ?? alone(deps, webhookChain({ webhookId }), step);
  }
  const withRecord = keyId === undefined ? undefined : await withKey(deps, keyId, step);
  return withRecord ?? alone(deps, NOTICES_CHAIN, step);
}

async function stepOf({ outbox, clock }: DismissDeps, ref: NoticeRef, by: DismissedBy): Promise<Step> {
  const stored = await outbox.find(ref);
  if (!stored) return { outcome: 'unknown-notice' };
  const { notice, state } = stored;
  if (state.status !== 'parked') return { outcome: OTHERWISE[state.status] };
  const atMs = clock();
  const next = dismissed(state, { by: namedActor(by.actor), reason: by.reason }, atMs);
  return { move: { stored, next }, entry: entryOf(notice, state, by, atMs) };
}

const OTHERWISE: Readonly<Record<Exclude<NoticeState['status'], 'parked'>, DismissOutcome>> = {
  waiting: 'on-its-way',
  sending: 'on-its-way',
  sent: 'sent-before',
  bounced: 'not-parked',
  complained: 'not-parked',
  withheld: 'not-parked',
  dismissed: 'dismissed-before',
};

const entryOf = (
  { channel, kind, recipient, rotationId, noticeId }: Notice,
  { settledAtMs, why }: NoticeState,
  { actor, reason }: DismissedBy,
  atMs: number,
): AuditEntry => ({
  action: 'notice.dismissed',
  actor,
  atMs,
  reason,
  ...(rotationId === undefined ? {} : { rotationId }),
  detail: {
    notice: noticeId,
    channel,
    kind,
    recipient,
    ...(settledAtMs === undefined ? {} : { parkedAt: iso(settledAtMs) }),
    ...(why === undefined ? {} : { why }),
  },
});

/** @returns undefined where there is no such key */
const withKey = ({ store }: DismissDeps, keyId: string, stepNow: () => Promise<Step>) =>
  changeKey<DismissOutcome | undefined>(store, keyId, async (record) => {
    if (!record) return { result: undefined };
    const step = await stepNow();
    if ('outcome' in step) return { result: step.outcome };
    return { result: 'dismissed', change: { after: record, entry: step.entry, moves: [step.move] } };
  });

/** @returns undefined where there is no such webhook */
const withWebhook = ({ webhooks }: DismissDeps, webhookId: string, stepNow: () => Promise<Step>) =>
  changeWebhook<DismissOutcome | undefined>(webhooks, webhookId, async (webhook) => {
    if (!webhook) return { result: undefined };
    const step = await stepNow();
    if ('outcome' in step) return { result: step.outcome };
    return { result: 'dismissed', change: { after: webhook, entry: step.entry, moves: [step.move] } };
  });

const alone = ({ chains }: DismissDeps, chain: Chain, stepNow: () => Promise<Step>) =>
  untilSettled<DismissOutcome>(
    async () => {
      const head = await chains.head(chain.chain);
      const step = await stepNow();
      if ('outcome' in step) return step.outcome;
      const event = chainEvent(chain, head, step.entry);
      return (await chains.append(event, [step.move])) === 'appended' ? 'dismissed' : AGAIN;
    },
    (attempts) => `Chain ${chain.chain} grew ${attempts} times while an event of it was being written.`,
    CHAIN_ATTEMPTS,
  );
