import { describe, expect, test } from 'vitest';
import { keyturn } from './fake-world.ts';
import { KEY_ID, keyView } from './samples.ts';

const REPORT = { due: 9, started: 4, exempt: 3, skipped: 2, failed: 0, overdue: 1, left: 0 };

describe('exempt', () => {
  const exemptUntil = '2026-12-23T14:00:00.000Z';

  test('sends until when and why, and shows the key', async () => {
    const admin = { exempt: () => keyView({ exemptUntil }) };
    const args = ['exempt', KEY_ID, '--reason', 'a freeze', '--until', 'P30D'];
    const { sent, exitCode, stdout } = await keyturn(args, { admin });
    expect({ sent, exitCode }).toEqual({
      sent: [{ action: 'exempt', input: { keyId: KEY_ID, reason: 'a freeze', until: 'P30D' } }],
      exitCode: 0,
    });
    expect(stdout).toMatch(/exempt until +2026-12-23T14:00:00Z \(in 30 days\)/);
  });

  test('--end ends it', async () => {
    const admin = { unexempt: () => keyView() };
    const { sent, stdout } = await keyturn(['exempt', KEY_ID, '--end', '--reason', 'over'], { admin });
    expect(sent).toEqual([{ action: 'unexempt', input: { keyId: KEY_ID, reason: 'over' } }]);
    expect(stdout).not.toMatch(/exempt/);
  });
});

describe('sweep', () => {
  test('says what was started and what not', async () => {
    const { sent, exitCode, stdout } = await keyturn(['sweep'], { admin: { sweep: () => REPORT } });
    expect({ sent, exitCode }).toEqual({ sent: [{ action: 'sweep', input: {} }], exitCode: 0 });
    expect(stdout).toMatch(/^due +9\nstarted +4\nexempt +3\nskipped +2 .*\noverdue +1 /m);
    expect(stdout).not.toMatch(/failed|left/);
  });

  test('says what is left, and fails where starts failed', async () => {
    const sweep = () => ({ ...REPORT, failed: 1, left: 5 });
    const { exitCode, stdout } = await keyturn(['sweep'], { admin: { sweep } });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/failed +1: .*log/);
    expect(stdout).toMatch(/5 keys are left/);
  });

  test('--json is the report', async () => {
    const { stdout } = await keyturn(['sweep', '--json'], { admin: { sweep: () => REPORT } });
    expect(JSON.parse(stdout)).toEqual(REPORT);
  });

  test('--preview starts nothing and says why a key is passed over', async () => {
    const due = { keyId: KEY_ID, owner: 'a@example.com', dueAt: '2026-11-23T13:00:00.000Z' };
    const page = {
      keys: [
        { ...due, verdict: 'start' as const, exemptUntil: null },
        { ...due, verdict: 'exempt' as const, exemptUntil: '2026-11-24T14:00:00.000Z' },
        { ...due, verdict: 'rotating' as const, exemptUntil: null },
      ],
      more: 7,
    };
    const admin = { 'preview-sweep': () => page };
    const { sent, stdout } = await keyturn(['sweep', '--preview'], { admin });
    expect(sent).toEqual([{ action: 'preview-sweep', input: {} }]);
    expect(stdout).toMatch(/starts its rotation\n.*exempt until 2026-11-24T14:00:00Z .*\n.*: rotating\n/);
    expect(stdout).toMatch(/7 more are due\./);
  });

  test('--preview says that no key is due', async () => {
    const admin = { 'preview-sweep': () => ({ keys: [], more: 0 }) };
    expect((await keyturn(['sweep', '--preview'], { admin })).stdout).toBe('No key is due.\n');
  });
});
