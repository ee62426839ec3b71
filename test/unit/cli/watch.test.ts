import { describe, expect, test } from 'vitest';
import { keyturn } from './fake-world.ts';
import { DUAL_KEY, rotating } from './rotating-admin.ts';
import { KEY_ID, migrationView, NEW_KEY, refusal, rotationView } from './samples.ts';

const migration = migrationView();

describe('rotate --watch', () => {
  const extended = rotationView({ migration, extensions: 1, evidence: 'stragglers' });
  const completed = rotationView({
    status: 'completed',
    evidence: 'migrated',
    endedAt: '2026-11-23T14:01:00.000Z',
  });

  test('prints the key before the wait, then a line for each change', async () => {
    const admin = rotating([DUAL_KEY, DUAL_KEY, extended, extended, completed]);
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
    const admin = rotating([DUAL_KEY, DUAL_KEY, completed]);
    const { stderr } = await keyturn(['rotate', KEY_ID, '--watch'], { admin, stderrIsTty: true });
    expect(stderr.split('\r\u001b[2K')).toHaveLength(4);
    expect(stderr.match(/\n/g)).toHaveLength(1);
  });

  test('--json: one value at the end, the progress beside it', async () => {
    const admin = rotating([DUAL_KEY, completed]);
    const { stdout, stderr } = await keyturn(['rotate', KEY_ID, '--watch', '--json'], { admin });
    expect(JSON.parse(stdout)).toEqual({ ...completed, key: NEW_KEY });
    expect(stderr).not.toContain(NEW_KEY);
  });

  test.each([[[]], [['--json']]])('Ctrl-C %j only stops watching, and the key is not lost', async (flags) => {
    const { exitCode, stdout, stderr } = await keyturn(['rotate', KEY_ID, '--watch', ...flags], {
      admin: rotating([DUAL_KEY]),
      interruptAfterSleeps: 3,
    });
    expect(exitCode).toBe(0);
    expect(stdout.split(NEW_KEY)).toHaveLength(2);
    expect(stderr).toMatch(/Stopped watching; the rotation goes on/);
  });

  test('Ctrl-C says who is still on the old version', async () => {
    const straggler = {
      address: '203.0.113.9',
      userAgent: 'cron/1',
      requests: 7,
      lastUsedAt: '2026-11-23T13:59:00.000Z',
    };
    const { stderr } = await keyturn(['rotate', KEY_ID, '--watch'], {
      admin: rotating([DUAL_KEY, rotationView({ stragglers: [straggler] })]),
      interruptAfterSleeps: 3,
    });
    expect(stderr).toMatch(
      /Still on version 1\nADDRESS.*\n203\.0\.113\.9 {2}cron\/1 +7 .*\nStopped watching/,
    );
  });

  test('--json: the key is not lost when the watching fails', async () => {
    let looks = 0;
    const admin = rotating([], {
      rotation() {
        looks += 1;
        if (looks > 2) throw refusal('internal');
        return DUAL_KEY;
      },
    });
    const { exitCode, stdout } = await keyturn(['rotate', KEY_ID, '--watch', '--json'], { admin });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ key: NEW_KEY });
  });

  test.each([[[]], [['--json']]])('one that is held says what it waits for, and ends: %j', async (flags) => {
    const straggler = {
      address: '203.0.113.9',
      userAgent: 'cron/1',
      requests: 7,
      lastUsedAt: '2026-11-23T13:59:00.000Z',
    };
    const held = rotationView({
      migration,
      extensions: 7,
      evidence: 'stragglers',
      held: true,
      stragglers: [straggler],
    });
    const admin = rotating([DUAL_KEY, extended, held]);
    const { exitCode, stdout, stderr } = await keyturn(['rotate', KEY_ID, '--watch', ...flags], { admin });
    expect(exitCode).toBe(1);
    expect(stdout.split(NEW_KEY)).toHaveLength(2);
    expect(stderr).toMatch(/203\.0\.113\.9 {2}cron/);
    if (flags.length === 0) {
      expect(stderr).toMatch(
        /error: Held after its last extension: clients still use version 1\. It is judged again/,
      );
      expect(stderr).toMatch(/mend: .*keyturn rollback .*keyturn emergency/);
    } else {
      expect(JSON.parse(stdout)).toMatchObject({ held: true });
      const { error } = JSON.parse(stderr.trimEnd().split('\n').at(-1) as string);
      expect(error).toMatchObject({ code: 'rotation-held', rotation: { held: true } });
    }
  });

  test('one that stands still says so on the way', async () => {
    const stuck = rotationView({ stuckSince: '2026-11-23T13:40:00.000Z' });
    const { stderr } = await keyturn(['rotate', KEY_ID, '--watch'], {
      admin: rotating([DUAL_KEY, DUAL_KEY, stuck]),
      interruptAfterSleeps: 3,
    });
    expect(stderr).toMatch(/stands still for 20m/);
  });

  test('a rotation that fails while it is watched exits 1', async () => {
    const failed = rotationView({ status: 'failed', failure: 'The store was gone.' });
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID, '--watch'], {
      admin: rotating([DUAL_KEY, failed]),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The store was gone.');
  });
});
