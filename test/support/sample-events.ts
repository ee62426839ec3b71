/** Events on record, for those who read them. */
import {
  type AuditAction,
  type AuditEntry,
  type AuditEvent,
  CHAIN_START,
  type Chain,
  chainEvent,
  keyChain,
} from '../../lambdas/core/domain/audit-event.ts';
import { START_MS } from './manual-clock.ts';

export const SAMPLE_CHAIN: Chain = keyChain({ keyId: 'Ab3dEf7hIj9L', owner: 'a@example.com' });

/** One event, the first of its chain. */
export const sampleEvent = (
  action: AuditAction,
  entry: Partial<AuditEntry> = {},
  chain: Chain = SAMPLE_CHAIN,
): AuditEvent =>
  chainEvent(chain, CHAIN_START, {
    action,
    actor: { principal: 'arn:aws:iam::111122223333:role/Operator', via: 'cli', requestId: 'q-1' },
    atMs: START_MS,
    detail: {},
    ...entry,
  });

/** A chain of this many events. */
export function sampleEvents(count: number): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (let number = 1; number <= count; number += 1) {
    const { actor, atMs } = sampleEvent('rotation.judged');
    const entry: AuditEntry = { action: 'rotation.judged', actor, atMs: atMs + number, detail: { number } };
    events.push(chainEvent(SAMPLE_CHAIN, events.at(-1) ?? CHAIN_START, entry));
  }
  return events;
}
