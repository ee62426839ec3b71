import { describe, expect, test } from 'vitest';
import { keyturn } from './fake-world.ts';
import { DUAL_KEY, rotating, VERIFYING } from './rotating-admin.ts';
import { KEY_ID, keyView, NEW_KEY, refusal, rotationView, STARTED } from './samples.ts';

describe('rotate', () => {
  test('sends what the flags say', async () => {
    const { sent } = await keyturn(['rotate', KEY_ID, '--grace', 'PT24H', '--reason', 'yearly'], {
      admin: rotating([DUAL_KEY]),
    });
    expect(sent[0]).toEqual({
      action: 'rotate',
      input: { keyId: KEY_ID, purpose: 'manual', reason: 'yearly', gracePeriod: 'PT24H' },
    });
  });

  test('waits for the dual-key window, claims, and prints the key exactly once', async () => {
    const admin = rotating([null, VERIFYING, DUAL_KEY]);
    const { exitCode, stdout, stderr, sent } = await keyturn(['rotate', KEY_ID], { admin });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').filter((line) => line.includes(NEW_KEY))).toEqual([NEW_KEY]);
    expect(stdout).toMatch(/version 1 → 2/);
    expect(stderr).toBe('');
    expect(sent.at(-1)?.action).toBe('claim');
  });

  test('--json is the rotation and the key', async () => {
    const { stdout, stderr } = await keyturn(['rotate', KEY_ID, '--json'], { admin: rotating([DUAL_KEY]) });
    expect(JSON.parse(stdout)).toEqual({ ...DUAL_KEY, key: NEW_KEY });
    expect(stderr).toBe('');
  });

  test('another rotation that took the key first: exit 4 with that one', async () => {
    const other = rotationView({ rotationId: 'rot-0' });
    const refused = () => {
      throw refusal('rotation-running', { rotation: other });
    };
    const admin = rotating([], { rotation: refused });
    const { exitCode, stdout, stderr, sent } = await keyturn(['rotate', KEY_ID, '--json'], { admin });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'rotation-running', rotation: other });
    expect(sent.map(({ action }) => action)).not.toContain('claim');
  });

  test('a dead rotation that the key still shows, about to be taken over, is no conflict', async () => {
    const dead = keyView({ rotation: rotationView({ rotationId: 'rot-0' }) });
    const admin = rotating([null, DUAL_KEY], { show: () => dead });
    expect((await keyturn(['rotate', KEY_ID], { admin })).exitCode).toBe(0);
  });

  test('an execution that never begins is given up after a minute', async () => {
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID], { admin: rotating([null]) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(STARTED.executionArn);
  });

  test('a new key that is never accepted is not waited for without end', async () => {
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID], { admin: rotating([VERIFYING]) });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`keyturn claim ${KEY_ID}`);
  });

  test('failed: exit 1 with the failure and the mend', async () => {
    const failed = rotationView({ status: 'failed', failure: 'The authorizer refused version 2.' });
    const { exitCode, stdout, stderr } = await keyturn(['rotate', KEY_ID], {
      admin: rotating([VERIFYING, failed]),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/The authorizer refused version 2\.\nmend: .*old version still works/);
  });

  test('a claim that fails: exit 1, the rotation stands, and how to get the key', async () => {
    const admin = rotating([DUAL_KEY], {
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
    const admin = rotating([DUAL_KEY], {
      claim() {
        throw refusal('nothing-to-claim');
      },
    });
    const { exitCode, stdout, sent } = await keyturn(['rotate', KEY_ID, '--json'], { admin });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty('key');
    expect(sent.map(({ action }) => action)).toEqual(['rotate', 'rotation', 'claim']);
  });

  test('Ctrl-C before the new key is accepted says how to go on', async () => {
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID], {
      admin: rotating([VERIFYING]),
      interruptAfterSleeps: 2,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/the rotation goes on/);
  });
});

describe('emergency', () => {
  const done = rotationView({ purpose: 'emergency', status: 'completed', refusedAfterMs: 840 });

  test('--immediate: the measured time and the stated bound', async () => {
    const { exitCode, stdout, sent } = await keyturn(
      ['emergency', KEY_ID, '--reason', 'key in a log', '--immediate', '--yes'],
      { admin: rotating([VERIFYING, done]) },
    );
    expect(exitCode).toBe(0);
    expect(sent[0]?.input).toEqual({
      keyId: KEY_ID,
      purpose: 'emergency',
      reason: 'key in a log',
      immediateInvalidation: true,
    });
    expect(stdout).toMatch(/stands since 840 ms after the start.*5\.5 s from then on/);
    expect(stdout.split(NEW_KEY)).toHaveLength(2);
  });

  test('--json: the rotation, the key, the bound', async () => {
    const { stdout } = await keyturn(
      ['emergency', KEY_ID, '--reason', 'leak', '--immediate', '--yes', '--json'],
      { admin: rotating([done]) },
    );
    expect(JSON.parse(stdout)).toEqual({ ...done, revocationBoundMs: 5_500, key: NEW_KEY });
  });

  test('--grace goes along', async () => {
    const { sent } = await keyturn(['emergency', KEY_ID, '--reason', 'leak', '--grace', 'PT1H', '--yes'], {
      admin: rotating([DUAL_KEY]),
    });
    expect(sent[0]?.input).toMatchObject({ immediateInvalidation: false, gracePeriod: 'PT1H' });
  });

  test('asks first, saying what will be refused and when', async () => {
    const yes = await keyturn(['emergency', KEY_ID, '--reason', 'leak', '--immediate'], {
      admin: rotating([done]),
      answer: true,
    });
    expect(yes.questions).toEqual([expect.stringMatching(/Billing agent.*at once\?$/)]);
    expect(yes.exitCode).toBe(0);
  });

  test('a no sends nothing', async () => {
    const no = await keyturn(['emergency', KEY_ID, '--reason', 'leak'], {
      admin: rotating([done]),
      answer: false,
    });
    expect(no.exitCode).toBe(1);
    expect(no.sent.map(({ action }) => action)).toEqual(['show']);
  });
});
