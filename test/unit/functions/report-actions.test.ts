/** A report learns of many keys at once how they stand, and no secret of them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { reportKeys } from '../../../lambdas/functions/admin/report-actions.ts';
import type { ReportKeysInput, ReportKeysPage } from '../../../lambdas/functions/admin/report-contract.ts';
import { Execution } from '../../support/machine.ts';
import { MemoryWorld } from '../../support/memory-world.ts';

let world: MemoryWorld;
beforeEach(() => {
  world = new MemoryWorld();
});

const ask = (input: unknown) =>
  reportKeys({ ...world.deps, revocationBoundMs: 6_000 }, input as ReportKeysInput);

async function page(input: ReportKeysInput = {}): Promise<ReportKeysPage> {
  const response = await ask(input);
  if (!response.ok) throw new Error(response.error.message);
  return response.result;
}

describe('keys for a report', () => {
  it('stand as they are, without a hash', async () => {
    const { keyId } = await world.issue({ delivery: 'claim-link' });
    await new Execution(world, keyId, 'r-1', { purpose: 'scheduled' }).toDualKey();
    const found = await page();
    expect(found.keys).toMatchObject([
      {
        keyId,
        status: 'enabled',
        exemption: null,
        rotation: { purpose: 'scheduled' },
        versions: [
          { version: 1, status: 'deprecating', receivedAt: null, firstRefusedAt: null },
          { version: 2, status: 'active' },
        ],
      },
    ]);
    const { hash } = world.record(keyId).versions[0] as { hash: string };
    expect(JSON.stringify(found)).not.toContain(hash);
    expect(found.revocationBoundMs).toBe(6_000);
    expect(found.policies).toContainEqual({ name: 'high-security', rotateEverySeconds: 30 * 86_400 });
  });

  it('come page by page, each once, in any status', async () => {
    for (let key = 0; key < 450; key += 1) await world.issue({ owner: `o${key}@example.com` });
    const first = await page();
    expect(first.keys).toHaveLength(400);
    const second = await page({ nextToken: first.nextToken as string });
    expect(second.nextToken).toBeNull();
    expect(new Set([...first.keys, ...second.keys].map(({ keyId }) => keyId)).size).toBe(450);
  });

  it('are found by their ids; what is not there is left out', async () => {
    const { keyId } = await world.issue();
    await world.issue();
    expect((await page({ keyIds: [keyId, 'AAAAAAAAAAAA'] })).keys.map((key) => key.keyId)).toEqual([keyId]);
  });

  it.each([
    [{ keyIds: [] }],
    [{ keyIds: 'AAAAAAAAAAAA' }],
    [{ keyIds: ['../..'] }],
    [{ keyIds: Array.from({ length: 101 }, () => 'AAAAAAAAAAAA') }],
    [{ nextToken: 7 }],
    [{ nextToken: 'not ours' }],
  ])('are refused for %j', async (input) => {
    expect(await ask(input)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  });
});
