import { describe, expect, test } from 'vitest';
import type { RotationSummary } from '../../../lambdas/functions/admin/rotation-contract.ts';
import { keyturn } from './fake-world.ts';
import { KEY_ID, keyView, rotationView } from './samples.ts';

const summary = (changes: Partial<RotationSummary> = {}): RotationSummary => {
  const { rotationId, purpose, status, fromVersion, toVersion, startedAt, ...rest } = rotationView();
  const { gracePeriodEndsAt, extensions, evidence, undelivered, held, endedAt, failure, stuckSince } = rest;
  const counted = { rotationId, purpose, status, fromVersion, toVersion, startedAt, gracePeriodEndsAt };
  const found = {
    keyId: KEY_ID,
    owner: 'a@example.com',
    extensions,
    evidence,
    undelivered,
    held,
    endedAt,
    failure,
    stuckSince,
  };
  return { ...counted, ...found, ...changes };
};

const page = (...rotations: RotationSummary[]) => ({ rotations, nextToken: null });
const shown = async (args: readonly string[], answer: ReturnType<typeof page>) =>
  (await keyturn(['rotations', ...args], { admin: { rotations: () => answer } })).stdout;

describe('rotations', () => {
  test('sends what is asked for', async () => {
    const admin = { rotations: () => page() };
    const args = ['rotations', KEY_ID, '--status', 'failed', '--limit', '7', '--next-token', 't'];
    const { sent, exitCode } = await keyturn(args, { admin });
    const input = { keyId: KEY_ID, status: 'failed', limit: 7, nextToken: 't' };
    expect({ sent, exitCode }).toEqual({ sent: [{ action: 'rotations', input }], exitCode: 0 });
    expect((await keyturn(['rotations'], { admin })).sent[0]?.input).toEqual({ limit: 50 });
  });

  test('is a line for each, those that stand still first, and says what to do about them', async () => {
    const stdout = await shown(
      [],
      page(
        summary({ keyId: 'Running00000' }),
        summary({
          keyId: 'Stuck0000000',
          status: 'verifying',
          toVersion: null,
          startedAt: '2026-11-23T13:18:00.000Z',
          gracePeriodEndsAt: null,
          stuckSince: '2026-11-23T13:18:00.000Z',
        }),
        summary({
          keyId: 'Failed000000',
          status: 'failed',
          failure: 'VerificationFailed: unknown',
          endedAt: '2026-11-23T12:00:00.000Z',
        }),
      ),
    );
    expect(stdout).toBe(
      [
        'KEY ID        OWNER          PURPOSE  VERSION  STARTED  ENDS    STATUS',
        'Stuck0000000  a@example.com  manual   1 → ?    42m ago  –       STUCK: verifying the new key',
        'Running00000  a@example.com  manual   1 → 2    now      in 1h   both versions accepted',
        'Failed000000  a@example.com  manual   1 → 2    now      2h ago  failed',
        '',
        'Stuck0000000 has stood still for 42m.',
        '  Its execution: keyturn show Stuck0000000. If that is over, keyturn rotate Stuck0000000 takes over.',
        'Failed000000 failed: VerificationFailed: unknown',
        '  Start again: keyturn rotate Failed000000',
        '',
      ].join('\n'),
    );
  });

  test('a failed emergency is started again as one', async () => {
    const stdout = await shown([], page(summary({ status: 'failed', purpose: 'emergency', failure: null })));
    expect(stdout).toContain(`Start again: keyturn emergency ${KEY_ID} --reason`);
  });

  test('says how to see more', async () => {
    expect(await shown([], { ...page(summary()), nextToken: 'abc' } as never)).toContain('--next-token abc');
  });

  test('--json is the page as it came', async () => {
    const answer = page(summary(), summary({ stuckSince: '2026-11-23T13:18:00.000Z' }));
    expect(JSON.parse(await shown(['--json'], answer))).toEqual(answer);
  });

  test.each([
    [[], 'No rotation is running, and none has failed within seven days.\n'],
    [['--status', 'completed'], 'No completed rotation is on record.\n'],
    [[KEY_ID], `No rotation of key ${KEY_ID} is on record.\n`],
    [[KEY_ID, '--status', 'failed'], `No failed rotation of key ${KEY_ID} is on record.\n`],
  ])('%j without any says so', async (args, text) => {
    expect(await shown(args, page())).toBe(text);
  });
});

test.each([
  [
    null,
    /clients still use version 1\. It is judged again at .*\n {2}Who they are: keyturn show .* emergency/,
  ],
  ['waiting', /its owner has not received version 2\. It is judged again .*\n.*keyturn deliver .* --again/],
  ['gone', /version 2 was never received, and is gone\.\n {2}Back to version 1, .*rollback .*keyturn rotate/],
] as const)(
  'what is held says what it waits for and what to do, undelivered: %s',
  async (undelivered, said) => {
    const held = { held: true, undelivered };
    expect(await shown([], page(summary(held)))).toMatch(said);
    const rotation = rotationView(held);
    const { stdout } = await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ rotation }) } });
    expect(stdout).toMatch(/held +after the last extension/);
  },
);

test('show says of a rotation that it stands still, and what to do', async () => {
  const rotation = rotationView({ stuckSince: '2026-11-23T13:00:00.000Z' });
  const { stdout } = await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ rotation }) } });
  expect(stdout).toMatch(/stuck since +2026-11-23T13:00:00Z \(1 hour ago\): .*keyturn rotate takes over/);
});
