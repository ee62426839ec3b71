/** What every ledger of policies must do, whatever it is made of. The fake and the table both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { policyChange } from '../../lambdas/core/domain/policy-events.ts';
import type { AuditReader } from '../../lambdas/core/ports/audit-reader.ts';
import type { PolicyLedger } from '../../lambdas/core/ports/policy-ledger.ts';
import type { PolicyConfig } from '../../rules/policy.ts';
import { resolvePolicies } from '../../rules/resolve-policy.ts';
import { START_MS } from './manual-clock.ts';

export interface PolicyLedgerParts {
  readonly ledger: PolicyLedger;
  readonly reader: Pick<AuditReader, 'chain'>;
}

const BY = { actor: { principal: 'keyturn:deployment', via: 'vitest' }, atMs: START_MS };

export function policiesOf(configured: Readonly<Record<string, PolicyConfig>> = {}) {
  const policies = resolvePolicies(configured);
  if (!policies.ok) throw new Error(policies.message);
  return policies.value;
}

export function policyLedgerContract(name: string, makeParts: () => Promise<PolicyLedgerParts>): void {
  describe(`${name} keeps the contract of the ledger of policies`, () => {
    let parts: PolicyLedgerParts;
    beforeAll(async () => {
      parts = await makeParts();
    });

    async function actionsOf(policy: string): Promise<readonly string[]> {
      const actions: string[] = [];
      for await (const { action } of parts.reader.chain(`policy/${policy}`, 1)) actions.push(action);
      return actions;
    }

    it('knows nothing at first, and then what was written, with its events', async () => {
      expect(await parts.ledger.read()).toBeUndefined();
      const first = policyChange(undefined, policiesOf({ partners: {} }), BY);

      expect(await parts.ledger.write(first)).toBe('written');

      expect(await parts.ledger.read()).toEqual(first.known);
      expect(await actionsOf('partners')).toEqual(['policy.added']);
    });

    it('lets one of many writes from one revision hold, and writes nothing of the others', async () => {
      const before = await parts.ledger.read();
      const changes = ['P10D', 'P20D', 'P30D'].map((rotateEvery) =>
        policyChange(before, policiesOf({ partners: { rotateEvery } }), BY),
      );

      const written = await Promise.all(changes.map((change) => parts.ledger.write(change)));

      expect([...written].sort()).toEqual(['stale', 'stale', 'written']);
      expect(await parts.ledger.read()).toEqual(changes[written.indexOf('written')]?.known);
      expect(await actionsOf('partners')).toEqual(['policy.added', 'policy.changed']);
    });
  });
}
