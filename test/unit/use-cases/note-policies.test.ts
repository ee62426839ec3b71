/** Policies come with the deployment: what changed is on record before anybody acts under it, once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditEvent, firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { notePolicies, policiesNoted } from '../../../lambdas/core/use-cases/note-policies.ts';
import type { PolicyConfig } from '../../../rules/policy.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { MemoryPolicyLedger } from '../../support/memory-policy-ledger.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { policiesOf } from '../../support/policy-ledger-contract.ts';

let table: MemoryTable;
let ledger: MemoryPolicyLedger;
beforeEach(() => {
  table = new MemoryTable();
  ledger = new MemoryPolicyLedger(table);
});

const depsWith = (configured: Readonly<Record<string, PolicyConfig>>) => ({
  ledger,
  policies: policiesOf(configured),
  clock: () => START_MS,
  functionName: 'admin-fn',
});
const note = (configured: Readonly<Record<string, PolicyConfig>> = {}) => notePolicies(depsWith(configured));
const chain = (name: string): readonly AuditEvent[] => table.chains.get(`policy/${name}`) ?? [];

describe('the policies of a deployment', () => {
  it('are on record with all of their values when somebody first acts', async () => {
    await note();

    expect([...table.chains.keys()].sort()).toEqual([
      'policy/drill',
      'policy/high-security',
      'policy/public-read',
      'policy/standard',
    ]);
    expect(chain('standard')).toMatchObject([
      {
        action: 'policy.added',
        actor: { principal: 'keyturn:deployment', via: 'admin-fn' },
        atMs: START_MS,
        sequence: 1,
        detail: {
          'after.rotateEverySeconds': 90 * 86_400,
          'after.migrationThreshold': 0.95,
          'after.reminderSeconds': ['172800', '86400'],
          'after.rollback': true,
          'after.environments': ['live', 'test'],
          'after.allowedAddresses': 'any',
        },
      },
    ]);
    expect(chain('standard')[0]?.detail).not.toHaveProperty('after.name');
  });

  it('that are the same again are not on record again', async () => {
    await note({ partners: {} });
    await note({ partners: {} });

    expect([...table.chains.values()].flat()).toHaveLength(5);
  });

  it('are on record with what changed, before and after, and nothing else', async () => {
    await note({ partners: { rotateEvery: 'P30D' } });
    await note({ partners: { rotateEvery: 'P60D', earlyRetirement: 'PT1H' } });

    expect(chain('partners').at(-1)).toMatchObject({ action: 'policy.changed', sequence: 2 });
    expect(chain('partners').at(-1)?.detail).toEqual({
      'before.rotateEverySeconds': 30 * 86_400,
      'after.rotateEverySeconds': 60 * 86_400,
      'after.earlyRetirementSeconds': 3600,
    });
    expect(chain('standard')).toHaveLength(1);
  });

  it('that are gone are on record with what they were, and may come again', async () => {
    await note({ partners: {} });
    await note();
    await note({ partners: { rollback: false } });

    expect(chain('partners').map(({ action }) => action)).toEqual([
      'policy.added',
      'policy.removed',
      'policy.added',
    ]);
    expect(chain('partners')[1]?.detail).toMatchObject({ 'before.rollback': true });
    expect(firstBrokenLink(chain('partners'))).toBeUndefined();
  });

  it('are on record once, however many environments start at once', async () => {
    await note();
    await Promise.all(Array.from({ length: 5 }, () => note({ standard: { rotateEvery: 'P45D' } })));

    expect(chain('standard').map(({ action }) => action)).toEqual(['policy.added', 'policy.changed']);
    expect(firstBrokenLink(chain('standard'))).toBeUndefined();
  });
});

describe('an environment', () => {
  it('looks once', async () => {
    const noted = policiesNoted(depsWith({}));
    await noted();
    const { known } = ledger;
    ledger.known = undefined;
    await noted();

    expect(known).toBeDefined();
    expect(ledger.known).toBeUndefined();
  });

  it('looks again after a failure, which whoever acts is told', async () => {
    const noted = policiesNoted(depsWith({}));
    table.crashOnce('before');

    await expect(noted()).rejects.toThrow('The connection broke');
    await noted();
    expect(ledger.known).toBeDefined();
  });

  it('gives up when others are always faster', async () => {
    ledger.write = async () => 'stale';
    await expect(note()).rejects.toMatchObject({ name: 'WriteContention' });
  });
});
