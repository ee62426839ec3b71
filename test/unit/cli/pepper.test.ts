import { describe, expect, test } from 'vitest';
import type { PepperRunView, PepperView } from '../../../lambdas/functions/admin/pepper-contract.ts';
import { type FakeAdmin, keyturn } from './fake-world.ts';

const NEW = '20261123T140000000Z-4fK2mQ9x';
const OLD: PepperView['peppers'][number] = {
  name: '1',
  current: true,
  present: true,
  altered: false,
  madeAt: null,
  currentSince: null,
  neededBy: null,
};
const FRESH = { ...OLD, name: NEW, current: false, madeAt: '2026-11-23T14:00:00.000Z' };
const BEFORE: PepperView = { peppers: [OLD], countedAt: null };
const ADDED: PepperView = { peppers: [FRESH, OLD], countedAt: null };
const CURRENT: PepperView = {
  peppers: [
    { ...FRESH, current: true, currentSince: '2026-11-23T14:00:15.000Z' },
    { ...OLD, current: false },
  ],
  countedAt: null,
};
const COUNTED: PepperView = {
  peppers: CURRENT.peppers.map((each) => ({ ...each, neededBy: each.name === '1' ? 4 : 1 })),
  countedAt: '2026-11-23T14:01:30.000Z',
};
const CLEANED: PepperView = { ...COUNTED, peppers: COUNTED.peppers.slice(0, 1) };

const RUN: PepperRunView = {
  executionId: 'p-1',
  executionArn: 'arn:aws:states:eu-central-1:111122223333:execution:pepper:p-1',
  status: 'running',
  failure: null,
};

/** Answers these views one after the other, the run going on until the last. */
function rotating(
  views: readonly PepperView[],
  last: Partial<PepperRunView> = { status: 'succeeded' },
): FakeAdmin {
  let looks = -1;
  return {
    'rotate-pepper': () => RUN,
    'clean-pepper': () => RUN,
    'pepper-run': () => (looks + 1 < views.length - 1 ? RUN : { ...RUN, ...last }),
    pepper: () => {
      looks += 1;
      return views[Math.min(looks, views.length - 1)] as PepperView;
    },
  };
}

describe('pepper', () => {
  test('shows which there are, since when, and what needs them', async () => {
    const { exitCode, stdout, sent } = await keyturn(['pepper'], { admin: { pepper: () => COUNTED } });
    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: [{ action: 'pepper', input: {} }] });
    expect(stdout).toMatch(/^PEPPER +STATE +SINCE +NEEDED BY\n/);
    expect(stdout).toMatch(new RegExp(`^${NEW} +current +2026-11-23T14:00:15Z .* 1 version$`, 'm'));
    expect(stdout).toMatch(/^1 +old +the deployment, or by hand +4 versions$/m);
    expect(stdout).toMatch(/Needs were counted 2026-11-23T14:01:30Z/);
  });

  test('says that nothing was counted yet, and which one is added and not used', async () => {
    const { stdout } = await keyturn(['pepper'], { admin: { pepper: () => ADDED } });
    expect(stdout).toMatch(new RegExp(`^${NEW} +added .* –$`, 'm'));
    expect(stdout).toMatch(/not counted yet/);
  });

  test('says which one is missing', async () => {
    const missing = { ...OLD, current: false, present: false, neededBy: 2 };
    const view = { ...COUNTED, peppers: [...CLEANED.peppers, missing] };
    const { stdout } = await keyturn(['pepper'], { admin: { pepper: () => view } });
    expect(stdout).toMatch(/^1 +MISSING .* 2 versions$/m);
  });

  test('says which one is not what was added', async () => {
    const view = { ...COUNTED, peppers: COUNTED.peppers.map((each) => ({ ...each, altered: true })) };
    const { stdout } = await keyturn(['pepper'], { admin: { pepper: () => view } });
    expect(stdout).toMatch(new RegExp(`^${NEW} +ALTERED `, 'm'));
  });

  test('--json is the view', async () => {
    const { stdout } = await keyturn(['pepper', '--json'], { admin: { pepper: () => COUNTED } });
    expect(JSON.parse(stdout)).toEqual(COUNTED);
  });
});

describe.each([
  ['rotate', 'rotate-pepper'],
  ['clean', 'clean-pepper'],
] as const)('pepper %s', (command, action) => {
  test('starts it and does not wait', async () => {
    const { exitCode, stdout, sent } = await keyturn(['pepper', command, '--reason', 'yearly'], {
      admin: rotating([BEFORE]),
    });
    expect({ exitCode, sent }).toEqual({
      exitCode: 0,
      sent: [{ action, input: { reason: 'yearly' } }],
    });
    expect(stdout).toContain(RUN.executionArn);
  });

  test('--json is the run', async () => {
    const { stdout } = await keyturn(['pepper', command, '--json'], { admin: rotating([BEFORE]) });
    expect(JSON.parse(stdout)).toEqual(RUN);
  });

  test('--watch says what becomes of the peppers, each once, and shows them at the end', async () => {
    const { exitCode, stdout, stderr } = await keyturn(['pepper', command, '--watch'], {
      admin: rotating([BEFORE, BEFORE, ADDED, ADDED, CURRENT, COUNTED, CLEANED]),
    });
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining(RUN.executionArn),
      `added ${NEW}; it becomes the current one when every authorizer can know it`,
      `current is ${NEW}`,
      'counted what is needed',
      'dropped 1: nothing needs it',
    ]);
    expect(stdout).toMatch(new RegExp(`^${NEW} +current`, 'm'));
  });

  test('--watch --json: one value at the end, the run and the peppers', async () => {
    const { stdout } = await keyturn(['pepper', command, '--watch', '--json'], {
      admin: rotating([BEFORE, ADDED, CURRENT]),
    });
    expect(JSON.parse(stdout)).toEqual({ ...RUN, status: 'succeeded', ...CURRENT });
  });

  test('that fails exits 1 with the reason, and says that keys go on working', async () => {
    const admin = rotating([BEFORE, ADDED], { status: 'failed', failure: 'changed by hand' });
    const { exitCode, stderr } = await keyturn(['pepper', command, '--watch'], { admin });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/changed by hand[\s\S]*keys go on working/);
  });

  test('Ctrl-C stops watching, not the run', async () => {
    const { exitCode, stderr } = await keyturn(['pepper', command, '--watch'], {
      admin: rotating(Array(9).fill(BEFORE)),
      interruptAfterSleeps: 2,
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/Stopped watching; it goes on/);
  });

  test('that is never seen is given up after a minute', async () => {
    const admin = { ...rotating([BEFORE]), 'pepper-run': () => ({ ...RUN, status: 'not-found' as const }) };
    const { exitCode, stderr } = await keyturn(['pepper', command, '--watch'], { admin });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/not seen within a minute/);
  });
});

test('an unknown word after pepper is bad usage', async () => {
  expect((await keyturn(['pepper', 'rotation'])).exitCode).toBe(2);
});
