/** A key as the system issues it: its record, its first event, and its text. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { KeyRecord } from '../../lambdas/core/domain/key-record.ts';
import type { KeyStore } from '../../lambdas/core/ports/key-store.ts';
import { issueKey } from '../../lambdas/core/use-cases/issue-key.ts';
import { parseIssueOrder } from '../../lambdas/core/use-cases/issue-order.ts';
import { BUILT_IN_POLICIES, type Policy } from '../../rules/policy.ts';
import { resolvePolicies } from '../../rules/resolve-policy.ts';
import { MemorySealer } from './memory-sealer.ts';
import { seededRandomBytes } from './random-bytes.ts';

export const PEPPER = 'pepper-of-the-tests-with-thirty-two-characters-or-more';
export const PEPPER_SECRET = JSON.stringify({ current: '1', '1': PEPPER });
export const NOW_MS = Date.parse('2026-11-23T14:00:00Z');

const policies = resolvePolicies(BUILT_IN_POLICIES);
export const POLICIES: ReadonlyMap<string, Policy> = policies.ok ? policies.value : new Map();

export interface IssuedKey {
  readonly record: KeyRecord;
  readonly event: AuditEvent;
  /** The key itself. */
  readonly text: string;
}

/** @param seed another one gives another key */
export async function issuedKey(
  input: Readonly<Record<string, unknown>> = {},
  seed = 'sample',
): Promise<IssuedKey> {
  const order = parseIssueOrder(
    { owner: 'team@example.com', name: 'Agent', environment: 'live', scopes: ['tools:*'], ...input },
    POLICIES,
  );
  if (!order.ok) throw new Error(order.message);
  let event: AuditEvent | undefined;
  const store = {
    insert: async (_record: KeyRecord, chained: AuditEvent) => {
      event = chained;
      return 'inserted' as const;
    },
  } as Partial<KeyStore> as KeyStore;
  const issued = await issueKey(
    {
      store,
      sealer: new MemorySealer(),
      peppers: {
        current: async () => ({ version: '1', secret: Buffer.from(PEPPER) }),
        byVersion: async () => undefined,
      },
      policies: POLICIES,
      prefix: 'mk',
      clock: () => NOW_MS,
      randomBytes: seededRandomBytes(seed),
    },
    order.value,
    { principal: 'tests', via: 'tests' },
  );
  return { record: issued.record, event: event as AuditEvent, text: issued.key.reveal() };
}
