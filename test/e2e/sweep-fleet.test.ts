/** One hundred keys that fall due at once: what each of them ends as follows from what its clients do. */
import { afterAll, expect, test } from 'vitest';
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import { atMost } from './support/at-most.ts';
import { auditEvents } from './support/audit-events.ts';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { makeDue } from './support/due-keys.ts';
import { eventually } from './support/eventually.ts';
import { bearer, postCall } from './support/mcp.ts';

const [REST] = APIS;
const DUE_AT_MS = Date.now() - 1_000;
/** One machine plays the cloud and all clients. */
const PAUSE_MS = 4_000;

/** What its clients do: use the new key alone, take it and use none, keep to the old one, or never take it. */
type Fate = 'moves' | 'idles' | 'lags' | 'never-takes' | 'exempt' | 'disabled';
const FLEET: Readonly<Record<Fate, number>> = {
  moves: 35,
  idles: 30,
  lags: 15,
  'never-takes': 10,
  exempt: 6,
  disabled: 4,
};

interface Member {
  readonly keyId: string;
  readonly fate: Fate;
  readonly oldKey: string;
  newKey?: string;
}

/** The local cloud starts a process for each call that finds none free: a hundred at once would leave it no time. */
const inTurn = atMost(8);

/** A few at a time: it is one machine that plays them all. */
async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < items.length; from += 10) {
    await Promise.all(items.slice(from, from + 10).map(act));
  }
}

const fleet: Member[] = [];

async function issueFleet(): Promise<void> {
  const fates = Object.entries(FLEET).flatMap(([fate, count]) =>
    Array.from({ length: count }, () => fate as Fate),
  );
  await each(fates, async (fate) => {
    const { keyId, key } = await issueKey(['tools:*'], 'fleet');
    if (fate === 'exempt') await admin('exempt', { keyId, reason: 'a freeze', until: 'P1D' });
    if (fate === 'disabled') await admin('disable', { keyId, reason: 'unused' });
    fleet.push({ keyId, fate, oldKey: key });
  });
}

afterAll(() => each(fleet, ({ keyId }) => admin('revoke', { keyId, reason: 'end of the test' })));

async function sweepAll(): Promise<number> {
  let started = 0;
  for (let left = 1; left > 0; ) {
    const [one, other] = await Promise.all([admin('sweep', {}), admin('sweep', {})]);
    expect(one.failed + other.failed).toBe(0);
    started += Math.max(one.started, other.started);
    left = Math.min(one.left, other.left);
  }
  return started;
}

/** By the name that every sweep gives it. */
const sweptRotation = ({ keyId }: Member): Promise<RotationView | null> =>
  inTurn(() => admin('rotation', { keyId, rotationId: `sweep-${keyId}-${Math.floor(DUE_AT_MS / 1000)}-0` }));

/** A fleet of rotations may keep the local cloud from answering the authorizer in time: a client asks again then. */
async function use({ fate, newKey, oldKey }: Member): Promise<void> {
  const key = { moves: newKey, lags: oldKey }[fate as string];
  if (key === undefined) return;
  const answered = await eventually(
    'An answer',
    () => inTurn(async () => (await postCall(REST.url, bearer(key))).status),
    (status) => status !== 500,
    60_000,
    PAUSE_MS,
  );
  expect(answered).toBe(200);
}

const ENDS: Readonly<Record<'moves' | 'idles' | 'lags' | 'never-takes', object>> = {
  moves: { status: 'completed', evidence: 'migrated' },
  idles: { status: 'completed', evidence: 'idle' },
  lags: { status: 'dual-key', evidence: 'stragglers' },
  'never-takes': { status: 'dual-key', evidence: 'never-delivered' },
};

test('a hundred keys due at once are swept, and each ends as its clients have it', async () => {
  await issueFleet();
  expect(fleet).toHaveLength(100);
  await each(fleet, ({ keyId }) => makeDue(keyId, DUE_AT_MS));
  const rotating = fleet.filter(({ fate }) => fate !== 'exempt' && fate !== 'disabled');

  // The grace period goes by while they act: each does so as soon as its own key is there.
  const playing = inParallel(rotating, async (member) => {
    await eventually(
      'Both versions',
      () => sweptRotation(member),
      (rotation) => rotation?.status === 'dual-key',
      180_000,
      PAUSE_MS,
    );
    if (member.fate !== 'never-takes') {
      member.newKey = (await inTurn(() => admin('claim', { keyId: member.keyId }))).key;
    }
    return eventually(
      `The judgement of a key that ${member.fate}`,
      async () => {
        await use(member);
        return sweptRotation(member);
      },
      (rotation) => rotation !== null && (rotation.endedAt !== null || rotation.extensions > 0),
      180_000,
      PAUSE_MS,
    );
  });
  const [started, ends] = await Promise.all([sweepAll(), playing]);
  expect(started).toBeGreaterThanOrEqual(rotating.length);
  for (const [index, rotation] of ends.entries()) {
    const { fate, keyId } = rotating[index] as Member;
    const verdict = ENDS[fate as keyof typeof ENDS];
    expect(rotation, `${keyId} ${fate}`).toMatchObject({
      ...verdict,
      purpose: 'scheduled',
      initiatedBy: 'keyturn:sweep',
    });
    const actions = (await auditEvents(keyId)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'rotation.started')).toHaveLength(1);
  }
  for (const { keyId, fate } of fleet) {
    const { versions, status } = await admin('show', { keyId });
    if (fate === 'exempt') expect(versions).toHaveLength(1);
    if (fate === 'disabled')
      expect({ status, versions: versions.length }).toEqual({ status: 'disabled', versions: 1 });
  }
}, 600_000);

const inParallel = <Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => Promise.all(items.map(act));
