import { describe, expect, test } from 'vitest';
import type { KeyView, RotationView } from '../../../lambdas/functions/admin/contract.ts';
import { type FakeAdmin, keyturn } from './fake-world.ts';
import { KEY_ID, keyView, NEW_KEY, refusal, rotationView, STARTED } from './samples.ts';

const claim = () => ({ keyId: KEY_ID, version: 2, key: NEW_KEY });
const claimable = keyView({ claimable: true });

/** An admin function whose rotation goes through these states, one at a look; the last one stays. */
function going(states: readonly (RotationView | null)[], more: Partial<FakeAdmin> = {}): FakeAdmin {
  let look = 0;
  return {
    rotate: () => STARTED,
    rotation: () => states[Math.min(look++, states.length - 1)] ?? null,
    show: () => claimable,
    claim,
    ...more,
  };
}

const verifying = rotationView({ status: 'verifying', gracePeriodEndsAt: null });
const dualKey = rotationView();
const migration = { oldRequests: 63, newRequests: 37, newShare: 0.37, threshold: 0.95 };

describe('rotate', () => {
  test('sends what the flags say', async () => {
    const { sent } = await keyturn(['rotate', KEY_ID, '--grace', 'PT24H', '--reason', 'yearly'], {
      admin: going([dualKey]),
    });
    expect(sent[0]).toEqual({
      action: 'rotate',
      input: { keyId: KEY_ID, purpose: 'manual', reason: 'yearly', gracePeriod: 'PT24H' },
    });
  });

  test('waits for the dual-key window, claims, and prints the key exactly once', async () => {
    const admin = going([null, verifying, dualKey]);
    const { exitCode, stdout, stderr, sent } = await keyturn(['rotate', KEY_ID], { admin });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').filter((line) => line.includes(NEW_KEY))).toEqual([NEW_KEY]);
    expect(stdout).toMatch(/version 1 → 2/);
    expect(stderr).toBe('');
    expect(sent.at(-1)?.action).toBe('claim');
  });

  test('--json is the rotation and the key', async () => {
    const { stdout, stderr } = await keyturn(['rotate', KEY_ID, '--json'], { admin: going([dualKey]) });
    expect(JSON.parse(stdout)).toEqual({ ...dualKey, key: NEW_KEY });
    expect(stderr).toBe('');
  });

  test('another rotation that took the key first: exit 4 with that one', async () => {
    const other = rotationView({ rotationId: 'rot-0' });
    const admin = going([null], { show: () => keyView({ rotation: other }) });
    const { exitCode, stdout, stderr, sent } = await keyturn(['rotate', KEY_ID, '--json'], { admin });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'rotation-running', rotation: other });
    expect(sent.map(({ action }) => action)).not.toContain('claim');
  });

  test('its own rotation, ended between two looks, is not taken for another', async () => {
    const next = keyView({ claimable: true, rotation: rotationView({ rotationId: 'rot-2' }) });
    const admin = going([null, rotationView({ status: 'completed' })], { show: () => next });
    expect((await keyturn(['rotate', KEY_ID], { admin })).exitCode).toBe(0);
  });

  test('an execution that never begins is given up after a minute', async () => {
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID], { admin: going([null]) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(STARTED.executionArn);
  });

  test('a new key that is never accepted is not waited for without end', async () => {
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID], { admin: going([verifying]) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`keyturn claim ${KEY_ID}`);
  });

  test('failed: exit 1 with the failure and the mend', async () => {
    const failed = rotationView({ status: 'failed', failure: 'The authorizer refused version 2.' });
    const { exitCode, stdout, stderr } = await keyturn(['rotate', KEY_ID], {
      admin: going([verifying, failed]),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/The authorizer refused version 2\.\nmend: .*old version still works/);
  });

  test('a claim that fails: exit 1, the rotation stands, and how to get the key', async () => {
    const admin = going([dualKey], {
      claim() {
        throw refusal('internal');
      },
    });
    const { exitCode, stdout, stderr } = await keyturn(['rotate', KEY_ID, '--json'], { admin });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ code: 'claim-failed', rotation: { rotationId: 'rot-1' } });
    expect(error.message).toMatch(/succeeded.*version 2 is active/);
    expect(error.hint).toContain(`keyturn claim ${KEY_ID}`);
  });

  test('no key to take is no failure', async () => {
    const admin = going([dualKey], { show: () => keyView({ claimable: false }) as KeyView });
    const { exitCode, stdout, sent } = await keyturn(['rotate', KEY_ID, '--json'], { admin });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty('key');
    expect(sent.map(({ action }) => action)).not.toContain('claim');
  });

  test('Ctrl-C before the new key is accepted says how to go on', async () => {
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID], {
      admin: going([verifying]),
      interruptAfterSleeps: 2,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/the rotation goes on/);
  });
});

describe('rotate --watch', () => {
  const extended = rotationView({ migration, extensions: 1, evidence: 'stragglers' });
  const completed = rotationView({
    status: 'completed',
    evidence: 'migrated',
    endedAt: '2026-11-23T14:01:00.000Z',
  });

  test('prints the key before the wait, then a line for each change', async () => {
    const admin = going([dualKey, dualKey, extended, extended, completed]);
    const { exitCode, stdout, stderr } = await keyturn(['rotate', KEY_ID, '--watch'], { admin });
    expect(exitCode).toBe(0);
    expect(stdout.split(NEW_KEY)).toHaveLength(2);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'both versions accepted · 1h left',
      expect.stringMatching(
        /^both versions accepted · .* left · 37 % of 100 requests on version 2 .*· extended once/,
      ),
      expect.stringMatching(/^completed · evidence: migrated/),
    ]);
  });

  test('on a terminal it rewrites one line', async () => {
    const admin = going([dualKey, dualKey, completed]);
    const { stderr } = await keyturn(['rotate', KEY_ID, '--watch'], { admin, stderrIsTty: true });
    expect(stderr.split('\r\u001b[2K')).toHaveLength(4);
    expect(stderr.match(/\n/g)).toHaveLength(1);
  });

  test('--json: one value at the end, the progress beside it', async () => {
    const admin = going([dualKey, completed]);
    const { stdout, stderr } = await keyturn(['rotate', KEY_ID, '--watch', '--json'], { admin });
    expect(JSON.parse(stdout)).toEqual({ ...completed, key: NEW_KEY });
    expect(stderr).not.toContain(NEW_KEY);
  });

  test.each([[[]], [['--json']]])('Ctrl-C %j only stops watching, and the key is not lost', async (flags) => {
    const { exitCode, stdout, stderr } = await keyturn(['rotate', KEY_ID, '--watch', ...flags], {
      admin: going([dualKey]),
      interruptAfterSleeps: 3,
    });
    expect(exitCode).toBe(0);
    expect(stdout.split(NEW_KEY)).toHaveLength(2);
    expect(stderr).toMatch(/Stopped watching; the rotation goes on/);
  });

  test('--json: the key is not lost when the watching fails', async () => {
    let looks = 0;
    const admin = going([], {
      rotation() {
        looks += 1;
        if (looks > 2) throw refusal('internal');
        return dualKey;
      },
    });
    const { exitCode, stdout } = await keyturn(['rotate', KEY_ID, '--watch', '--json'], { admin });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ key: NEW_KEY });
  });

  test('a rotation that fails while it is watched exits 1', async () => {
    const failed = rotationView({ status: 'failed', failure: 'The store was gone.' });
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID, '--watch'], {
      admin: going([dualKey, failed]),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The store was gone.');
  });
});

describe('emergency', () => {
  const done = rotationView({ purpose: 'emergency', status: 'completed', refusedAfterMs: 840 });

  test('--immediate: the measured time and the stated bound', async () => {
    const { exitCode, stdout, sent } = await keyturn(
      ['emergency', KEY_ID, '--reason', 'key in a log', '--immediate', '--yes'],
      { admin: going([verifying, done]) },
    );
    expect(exitCode).toBe(0);
    expect(sent[0]?.input).toEqual({
      keyId: KEY_ID,
      purpose: 'emergency',
      reason: 'key in a log',
      immediateInvalidation: true,
    });
    expect(stdout).toMatch(/refused 840 ms after the start.*5\.5 s/);
    expect(stdout.split(NEW_KEY)).toHaveLength(2);
  });

  test('--json: the rotation, the key, the bound', async () => {
    const { stdout } = await keyturn(
      ['emergency', KEY_ID, '--reason', 'leak', '--immediate', '--yes', '--json'],
      { admin: going([done]) },
    );
    expect(JSON.parse(stdout)).toEqual({ ...done, revocationBoundMs: 5_500, key: NEW_KEY });
  });

  test('--grace goes along', async () => {
    const { sent } = await keyturn(['emergency', KEY_ID, '--reason', 'leak', '--grace', 'PT1H', '--yes'], {
      admin: going([dualKey]),
    });
    expect(sent[0]?.input).toMatchObject({ immediateInvalidation: false, gracePeriod: 'PT1H' });
  });

  test('asks first, saying what will be refused and when', async () => {
    const yes = await keyturn(['emergency', KEY_ID, '--reason', 'leak', '--immediate'], {
      admin: going([done]),
      answer: true,
    });
    expect(yes.questions).toEqual([expect.stringMatching(/Billing agent.*at once\?$/)]);
    expect(yes.exitCode).toBe(0);
  });

  test('a no sends nothing', async () => {
    const no = await keyturn(['emergency', KEY_ID, '--reason', 'leak'], {
      admin: going([done]),
      answer: false,
    });
    expect(no.exitCode).toBe(1);
    expect(no.sent.map(({ action }) => action)).toEqual(['show']);
  });
});
