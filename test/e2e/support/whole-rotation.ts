/** A rotation from its start to the refusal of the old version, under a client that calls all the while. */
import { expect } from 'vitest';
import type { DeliveryView, KeyView } from '../../../lambdas/functions/admin/contract.ts';
import type { RotationView } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { keyturn } from './command-line.ts';
import { APIS, admin } from './deployment.ts';
import { eventually } from './eventually.ts';
import { bearer, postCall } from './mcp.ts';
import type { SteadyCaller } from './steady-caller.ts';

const WITHIN_MS = 120_000;
/** Memory of an authorizer, and more. */
const REFUSED_WITHIN_MS = 15_000;
const LEAST_CALLS_A_SECOND = 5;

export async function latestOf(keyId: string): Promise<RotationView | null> {
  const [latest] = (await admin('rotations', { keyId })).rotations;
  return latest ? admin('rotation', { keyId, rotationId: latest.rotationId }) : null;
}

export const dualKeyOf = (keyId: string) =>
  eventually(
    'The dual-key window',
    () => latestOf(keyId),
    (rotation) => rotation?.status === 'dual-key',
  );

export const endOf = (keyId: string) =>
  eventually(
    'The end of the rotation',
    () => latestOf(keyId),
    (rotation) => rotation?.endedAt != null,
    WITHIN_MS,
  );

export interface Followed {
  readonly keyId: string;
  /** Of version 1. */
  readonly oldKey: string;
  readonly caller: SteadyCaller;
  /** How version 2 was offered and received. */
  readonly delivered: Pick<DeliveryView, 'by' | 'receivedBy'>;
}

/**
 * From version 1 to version 2. The caller goes on until the old version is refused, so that a call which nobody may
 * lose is one of this whole time.
 */
export async function followToRefusal({ keyId, oldKey, caller, delivered }: Followed): Promise<void> {
  const done = await endOf(keyId);
  expect(done).toMatchObject({
    status: 'completed',
    evidence: 'migrated',
    fromVersion: 1,
    toVersion: 2,
  });
  for (const { api, url } of APIS) {
    await eventually(
      `The refusal by the ${api}`,
      () => postCall(url, bearer(oldKey)),
      ({ status }) => status === 401,
      REFUSED_WITHIN_MS,
    );
  }
  expect(caller.rate).toBeGreaterThan(LEAST_CALLS_A_SECOND);
  await caller.stop();
  expect(caller.failed).toEqual([]);
  expect(caller.versions).toEqual([1, 2]);
  await expectDelivered(keyId, delivered, done as RotationView);
}

/** As operators see it. */
async function expectDelivered(
  keyId: string,
  delivered: Followed['delivered'],
  { startedAt, endedAt }: RotationView,
): Promise<void> {
  const { code, stdout } = await keyturn('show', keyId, '--json');
  expect(code).toBe(0);
  const { versions } = JSON.parse(stdout) as KeyView;
  expect(versions).toMatchObject([
    { version: 1, status: 'retired' },
    { version: 2, status: 'active', delivery: { ...delivered, failure: null } },
  ]);
  const receivedAt = versions[1]?.delivery.receivedAt as string;
  expect(receivedAt > startedAt && receivedAt < (endedAt as string), receivedAt).toBe(true);
}
