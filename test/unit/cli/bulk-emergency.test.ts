/** `keyturn emergency` for an owner or for all keys: look, confirm, follow, report, resume. */
import { describe, expect, test } from 'vitest';
import type {
  EmergencyPreviewView,
  EmergencyRunKeyView,
  EmergencyRunView,
} from '../../../lambdas/functions/admin/emergency-contract.ts';
import { type FakeAdmin, keyturn, type World } from './fake-world.ts';
import { KEY_ID, refusal } from './samples.ts';

const OWNER = 'team@example.com';
const RUN_ID = '374e05fe-5bae-4307-acb8-ff49ea59f4dc';

const previewed = (changes: Partial<EmergencyPreviewView['keys'][number]> = {}) => ({
  keyId: KEY_ID,
  owner: OWNER,
  name: 'Billing agent',
  environment: 'live' as const,
  verdict: 'rotate' as const,
  rotation: null,
  ...changes,
});

const PREVIEW: EmergencyPreviewView = { keys: [previewed()], enabled: 50, total: 52, counted: true };

const totals = (changes: Partial<NonNullable<EmergencyRunView['totals']>> = {}) => ({
  keys: 50,
  refused: 0,
  dualKey: 0,
  failed: 0,
  skipped: 0,
  left: 0,
  ...changes,
});

const runView = (changes: Partial<EmergencyRunView> = {}): EmergencyRunView => ({
  runId: RUN_ID,
  target: { owner: OWNER },
  status: 'running',
  reason: 'a laptop was stolen',
  immediate: true,
  gracePeriod: null,
  initiatedBy: 'arn:aws:sts::111122223333:assumed-role/operator/kim',
  startedAt: '2026-11-23T14:00:00.000Z',
  resumed: [],
  endedAt: null,
  executionArn: 'arn:execution:run',
  totals: totals({ left: 50 }),
  refusal: null,
  failure: null,
  revocationBoundMs: 6_000,
  ...changes,
});

const DONE = runView({
  status: 'completed',
  endedAt: '2026-11-23T14:00:12.000Z',
  totals: totals({ refused: 50 }),
  refusal: { medianMs: 2_650, slowestMs: 5_333 },
});

const INCOMPLETE = runView({
  status: 'incomplete',
  endedAt: '2026-11-23T14:00:12.000Z',
  totals: totals({ refused: 48, failed: 1, left: 1 }),
});

const runKey = (changes: Partial<EmergencyRunKeyView> = {}): EmergencyRunKeyView => ({
  keyId: KEY_ID,
  outcome: 'refused',
  rotationId: 'run-1',
  refusedAt: '2026-11-23T14:00:02.650Z',
  refusedAfterMs: 2_650,
  refusedAfterOwnStartMs: 2_284,
  why: null,
  ...changes,
});

/** A run that goes through these states, one a look; the last stays. */
function running(
  states: readonly EmergencyRunView[],
  keys: readonly EmergencyRunKeyView[] = [runKey()],
): FakeAdmin {
  let look = 0;
  return {
    'preview-emergency': () => PREVIEW,
    'start-emergency': () => runView({ totals: states[0]?.totals ?? null }),
    'resume-emergency': () => runView(),
    'emergency-run': () => states[Math.min(look++, states.length - 1)] as EmergencyRunView,
    'emergency-run-keys': ({ nextToken }) =>
      nextToken
        ? { keys: keys.slice(1), nextToken: null }
        : { keys: keys.slice(0, 1), nextToken: keys.length > 1 ? 'next' : null },
  };
}

const ORDER = ['emergency', '--owner', OWNER, '--reason', 'a laptop was stolen', '--immediate'];
const emergency = (world: World, args: readonly string[] = ORDER) => keyturn(args, world);
const actionsOf = (sent: readonly { readonly action: string }[]) => sent.map(({ action }) => action);

describe('a preview', () => {
  const preview = (view: EmergencyPreviewView, ...args: readonly string[]) =>
    keyturn(['emergency', ...args, '--preview'], { admin: { 'preview-emergency': () => view } });

  test.each([
    [['--owner', OWNER], { owner: OWNER, immediateInvalidation: false }],
    [['--all', '--immediate'], { all: true, immediateInvalidation: true }],
    [[KEY_ID], { keyId: KEY_ID, immediateInvalidation: false }],
  ])('of %j asks and changes nothing, without a reason or a confirmation', async (args, input) => {
    const { exitCode, sent } = await preview(PREVIEW, ...args);
    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: [{ action: 'preview-emergency', input }] });
  });

  test('says what would become of each key, and how many there are', async () => {
    const rotation = {
      rotationId: 'r-1',
      purpose: 'emergency' as const,
      status: 'dual-key' as const,
      gracePeriodEndsAt: '2026-11-23T15:00:00.000Z',
    };
    const keys = [
      previewed(),
      previewed({ verdict: 'take-over', rotation: { ...rotation, purpose: 'manual' } }),
      previewed({ verdict: 'in-emergency', rotation }),
      previewed({ verdict: 'disabled' }),
      previewed({ verdict: 'revoked' }),
    ];
    const { stdout } = await preview({ ...PREVIEW, keys }, '--owner', OWNER);
    expect(stdout.split('\n').slice(1, 6)).toEqual([
      expect.stringMatching(/is replaced$/),
      expect.stringMatching(/is replaced; its running rotation is taken over$/),
      expect.stringMatching(/has an emergency already, until 2026-11-23T15:00:00Z/),
      expect.stringMatching(/skipped: disabled$/),
      expect.stringMatching(/skipped: revoked$/),
    ]);
    expect(stdout).toMatch(/and 47 more\n\n50 of 52 keys; 2 skipped/);
  });

  test('shows twenty keys at most, and says when not all could be counted', async () => {
    const keys = Array.from({ length: 40 }, () => previewed());
    const { stdout } = await preview(
      { keys, enabled: 9_000, total: 9_000, counted: false },
      '--owner',
      OWNER,
    );
    expect(stdout.match(/is replaced/g)).toHaveLength(20);
    expect(stdout).toMatch(/and at least 8980 more/);
  });

  test('--json is the answer', async () => {
    expect(JSON.parse((await preview(PREVIEW, '--all', '--json')).stdout)).toEqual(PREVIEW);
  });
});

describe('the confirmation', () => {
  const admin = running([DONE]);

  test('is typed at a terminal: the owner’s address, after the preview', async () => {
    const { exitCode, questions, stderr, sent } = await emergency({ admin, typed: ` ${OWNER} ` });
    expect(exitCode).toBe(0);
    expect(questions).toEqual([
      "The present versions of 50 keys will be refused at once. To go on, type the owner's address:",
    ]);
    expect(stderr).toMatch(/50 of 52 keys/);
    expect(sent[1]).toEqual({
      action: 'start-emergency',
      input: { owner: OWNER, reason: 'a laptop was stolen', immediateInvalidation: true },
    });
  });

  test.each(['y', 'yes', '', 'Team@example.com'])('is not %j', async (typed) => {
    const { exitCode, sent, stderr } = await emergency({ admin, typed });
    expect({ exitCode, actions: actionsOf(sent) }).toEqual({ exitCode: 1, actions: ['preview-emergency'] });
    expect(stderr).toMatch(/nothing was changed/);
  });

  test('of all keys is their number', async () => {
    const all = ['emergency', '--all', '--reason', 'leak', '--grace', 'PT30M'];
    const { exitCode, questions, sent } = await emergency({ admin, typed: '50' }, all);
    expect(exitCode).toBe(0);
    expect(questions[0]).toMatch(/refused after PT30M\. To go on, type the number of keys:$/);
    expect(sent[1]?.input).toEqual({
      all: true,
      reason: 'leak',
      immediateInvalidation: false,
      gracePeriod: 'PT30M',
    });
    expect((await emergency({ admin, typed: '52' }, all)).exitCode).toBe(1);
  });

  test('is given by --confirm where there is no terminal, and --yes is neither needed nor enough', async () => {
    for (const flags of [[], ['--yes']]) {
      const { exitCode, sent } = await emergency({ admin }, [...ORDER, '--confirm', OWNER, ...flags]);
      expect(exitCode).toBe(0);
      expect(actionsOf(sent)).toContain('start-emergency');
    }
    expect((await emergency({ admin, typed: 'y' }, [...ORDER, '--yes'])).exitCode).toBe(1);
  });

  test('of a number of keys that is not theirs any more is refused, with the number', async () => {
    const args = ['emergency', '--all', '--reason', 'leak', '--confirm', '49'];
    const { exitCode, sent, stderr } = await emergency({ admin }, args);
    expect({ exitCode, actions: actionsOf(sent) }).toEqual({ exitCode: 2, actions: ['preview-emergency'] });
    expect(stderr).toMatch(/'49' does not confirm it.*\n.*There are 50 keys/);
  });

  test.each([
    [0, /'team@example.com' has no keys/],
    [3, /has 3 keys, all of them disabled or revoked/],
  ])('is not asked for where there is nothing to do (%i keys)', async (total, message) => {
    const none = { ...admin, 'preview-emergency': () => ({ keys: [], enabled: 0, total, counted: true }) };
    const { exitCode, stderr, questions } = await emergency({ admin: none, typed: OWNER });
    expect({ exitCode, questions }).toEqual({ exitCode: 3, questions: [] });
    expect(stderr).toMatch(message);
  });
});

describe('following a run', () => {
  const CONFIRMED = [...ORDER, '--confirm', OWNER];
  const half = runView({ totals: totals({ refused: 25, left: 25 }) });

  test('says its id at once, then a line for each change, then reports', async () => {
    const { exitCode, stdout, stderr } = await emergency(
      { admin: running([runView(), half, DONE]) },
      CONFIRMED,
    );
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      `Emergency ${RUN_ID} runs. Look at it again: keyturn emergency --run ${RUN_ID}`,
      'running · 0s · 50 keys · 50 to go',
      'running · 2s · 50 keys · 25 refused · 25 to go',
      'completed · 12s · 50 keys · 50 refused',
    ]);
    expect(stdout).toMatch(/status +completed/);
    expect(stdout).toMatch(/refused after +2\.6 s in the median, 5\.3 s at most/);
    expect(stdout).toMatch(/at the latest 6\.0 s after each refusal/);
    expect(stdout).toMatch(/keyturn claim <keyId>/);
  });

  test('rewrites one line on a terminal', async () => {
    const { stderr } = await emergency({ admin: running([half, DONE]), stderrIsTty: true }, CONFIRMED);
    expect(stderr.split('\r\u001b[2K')).toHaveLength(4);
  });

  test('exits 1 when keys failed or are left, names them first, and says how to go on', async () => {
    const failed = runKey({
      keyId: 'Failed000000',
      outcome: 'failed',
      refusedAt: null,
      refusedAfterMs: null,
      why: 'No.',
    });
    const left = runKey({ keyId: 'Left00000000', outcome: 'planned', refusedAt: null, refusedAfterMs: null });
    const slow = runKey({ keyId: 'Slow00000000', refusedAfterMs: 9_000 });
    const { exitCode, stdout } = await emergency(
      { admin: running([INCOMPLETE], [runKey(), slow, failed, left]) },
      CONFIRMED,
    );
    expect(exitCode).toBe(1);
    const named = stdout.split('\n').flatMap((line) => /^(\w{12}) {2}/.exec(line)?.[1] ?? []);
    expect(named).toEqual(['Failed000000', 'Left00000000', 'Slow00000000', KEY_ID]);
    expect(stdout).toMatch(/failed .*No\.$/m);
    expect(stdout).toContain(`keyturn emergency --resume ${RUN_ID}`);
  });

  test('ends with Ctrl-C, which harms nothing, and says how to look again', async () => {
    const { exitCode, stdout, stderr, sent } = await emergency(
      { admin: running([half]), interruptAfterSleeps: 2 },
      CONFIRMED,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/the emergency goes on/);
    expect(stderr).toContain(`keyturn emergency --run ${RUN_ID}`);
    expect(actionsOf(sent).filter((action) => action !== 'emergency-run')).toEqual([
      'preview-emergency',
      'start-emergency',
    ]);
  });

  test.each([
    [10, '1s'],
    [20_000, '10s'],
    [100_000, '30s'],
  ])('of %i keys looks every %s: they are counted at each look', async (keys, every) => {
    const view = runView({ totals: totals({ keys, left: keys }) });
    const { stderr } = await emergency({ admin: running([view, DONE]), stderrIsTty: true }, CONFIRMED);
    expect(stderr).toContain(`running · ${every} · ${keys} keys`);
  });

  test('--json: one value at the end, with every key of every page', async () => {
    const keys = Array.from({ length: 30 }, (_, index) =>
      runKey({ keyId: `Json${String(index).padStart(8, '0')}` }),
    );
    const { stdout, exitCode } = await emergency({ admin: running([DONE], keys) }, [...CONFIRMED, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ ...DONE, keys });
  });

  test('in words names twenty keys that ended well at most', async () => {
    const keys = Array.from({ length: 30 }, (_, index) =>
      runKey({ keyId: `Many${String(index).padStart(8, '0')}` }),
    );
    const { stdout } = await emergency({ admin: running([DONE], keys) }, CONFIRMED);
    expect(stdout.match(/^Many/gm)).toHaveLength(20);
    expect(stdout).toMatch(/and 10 more, which --json lists/);
  });
});

describe('--resume', () => {
  test('goes on and reports, without asking again', async () => {
    const { exitCode, sent, questions } = await keyturn(['emergency', '--resume', RUN_ID], {
      admin: running([DONE]),
      typed: 'no',
    });
    expect({ exitCode, questions }).toEqual({ exitCode: 0, questions: [] });
    expect(sent[0]).toEqual({ action: 'resume-emergency', input: { runId: RUN_ID } });
  });

  test('of a run that is none: exit 1', async () => {
    const admin = {
      'resume-emergency': () => {
        throw refusal('unknown-run');
      },
    };
    expect((await keyturn(['emergency', '--resume', 'none'], { admin })).exitCode).toBe(1);
  });
});

describe('--run', () => {
  const show = (view: EmergencyRunView, keys?: readonly EmergencyRunKeyView[]) =>
    keyturn(['emergency', '--run', RUN_ID], { admin: running([view], keys) });

  test.each([
    [DONE, 0],
    [INCOMPLETE, 1],
    [runView({ status: 'stopped' }), 1],
    [runView(), 0],
  ])('of a run that is $status exits %i', async (view, expected) => {
    expect((await show(view)).exitCode).toBe(expected);
  });

  test('says who started and resumed it, and what kept it from its target', async () => {
    const { stdout } = await show({
      ...INCOMPLETE,
      target: { all: true },
      immediate: false,
      resumed: [{ by: 'kim', at: '2026-11-23T13:00:00.000Z' }],
      failure: 'The table was gone.',
    });
    expect(stdout).toMatch(/^Emergency \S+ {2}all keys$/m);
    expect(stdout).toMatch(/resumed +2026-11-23T13:00:00Z \(1 hour ago\) by kim/);
    expect(stdout).toMatch(/old versions +refused after each policy's period/);
    expect(stdout).toMatch(/failure +The table was gone\./);
  });

  test('shows when a key with a grace period will be refused', async () => {
    const later = runKey({
      outcome: 'dual-key',
      refusedAt: '2026-11-23T15:00:00.000Z',
      refusedAfterMs: 3_600_000,
    });
    const view = { ...DONE, totals: totals({ dualKey: 50 }) };
    const { stdout } = await show(view, [later]);
    expect(stdout).toMatch(/dual-key +2026-11-23T15:00:00Z \(in 1 hour\)/);
    expect(stdout).toMatch(/keys +50 · 50 refused at a set time/);
  });

  test('without an id lists the latest runs', async () => {
    const runs = [DONE, runView({ target: { all: true }, totals: null })];
    const admin = { 'emergency-runs': () => ({ runs }) };
    const { exitCode, stdout, sent } = await keyturn(['emergency', '--run'], { admin });
    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: [{ action: 'emergency-runs', input: {} }] });
    expect(stdout).toMatch(/team@example\.com +completed +.* 50 · 50 refused\n/);
    expect(stdout).toMatch(/all keys +running +.* –\n/);
    expect(JSON.parse((await keyturn(['emergency', '--run', '--json'], { admin })).stdout)).toEqual({ runs });
  });

  test('says that there was none', async () => {
    const admin = { 'emergency-runs': () => ({ runs: [] }) };
    expect((await keyturn(['emergency', '--run'], { admin })).stdout).toBe(
      'There was no emergency of many keys.\n',
    );
  });
});
