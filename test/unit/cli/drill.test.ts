import { describe, expect, test } from 'vitest';
import type { CliContext } from '../../../cli/context.ts';
import type { DrillResult } from '../../../cli/drill/drill.ts';
import { run } from '../../../cli/main.ts';
import { FakeDeployment, type Faults } from './fake-deployment.ts';
import { fakeReach, START_MS } from './fake-world.ts';
import { VirtualTime } from './virtual-time.ts';

interface Played {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly deployment: FakeDeployment;
}

async function play(
  faults: Partial<Faults> = {},
  {
    args = ['--json'],
    interruptAtMs,
  }: { readonly args?: readonly string[]; readonly interruptAtMs?: number } = {},
): Promise<Played> {
  const time = new VirtualTime(START_MS);
  const deployment = new FakeDeployment(time.now, faults);
  const seen = { stdout: '', stderr: '' };
  const interrupt = new AbortController();
  if (interruptAtMs !== undefined) void time.sleep(interruptAtMs).then(() => interrupt.abort());
  const context: CliContext = {
    stdout: { write: (text) => (seen.stdout += text) },
    stderr: { write: (text) => (seen.stderr += text) },
    env: {},
    now: time.now,
    sleep: time.sleep,
    fetch: (url, init) => time.during(() => deployment.fetch(url, init)),
    reach: () => fakeReach(deployment.admin, [], time.now),
    ask: undefined,
    askText: undefined,
    open: undefined,
    interruptible: (work) => work(interrupt.signal),
  };
  const exitCode = await run(['drill', ...args], context);
  return { exitCode, ...seen, deployment };
}

const resultOf = ({ stdout }: Played): DrillResult => JSON.parse(stdout);
const failuresOf = (played: Played) => resultOf(played).steps.filter(({ ok }) => !ok);

describe('a drill on a deployment that works', () => {
  test('--json: every step passed, with the figures, in two minutes at most', async () => {
    const played = await play();
    const result = resultOf(played);
    expect(failuresOf(played)).toEqual([]);
    expect(played.exitCode).toBe(0);
    expect(result).toMatchObject({ ok: true, interrupted: false });
    expect(result.ms).toBeLessThan(120_000);
    expect(result.emergency).toMatchObject({ refusedAfterMs: 1_000, revocationBoundMs: 5_000 });
    expect(result.emergency?.firstRefusalAfterCommitMs).toBeGreaterThan(799);
    expect(result.emergency?.firstRefusalAfterCommitMs).toBeLessThan(2_000);
    expect(Object.keys(result.calls.byStatus).sort()).toEqual(['200', '202', '401', '403']);
  });

  test('the story tells what happened, without any key', async () => {
    const played = await play({}, { args: [] });
    expect(played.exitCode).toBe(0);
    expect(played.stdout).toMatch(/✓ REST API, no key: 401, WWW-Authenticate: Bearer realm="keyturn"/);
    expect(played.stdout).toMatch(
      /✓ first judgement: stragglers, extensions 1; \d+ % of \d+ requests on version 2/,
    );
    expect(played.stdout).toMatch(/✓ judged again: completed, migrated, extensions 1/);
    expect(played.stdout).toMatch(/✓ calls with a valid key: \d+ calls, all 200/);
    expect(played.stdout).toMatch(/^straggler +HTTP API +\w{12} v1 +\d+ +200 ×\d+, 202 ×1 +[1-9]/m);
    expect(played.stdout).toMatch(/The drill passed: \d+ of \d+ steps/);
    expect(played.stderr).toBe('');
  });

  test('all its keys are revoked, and none is ever printed', async () => {
    const { deployment, stdout, stderr } = await play();
    expect(deployment.statuses).toEqual(['revoked', 'revoked', 'revoked']);
    expect(deployment.secrets.length).toBeGreaterThan(4);
    for (const secret of deployment.secrets) expect(stdout + stderr).not.toContain(secret.slice(-49));
  });
});

describe('a drill finds', () => {
  const FAULTS: readonly (readonly [string, Partial<Faults>, RegExp])[] = [
    ['a retired version that stays accepted', { refusalLagMs: 60_000 }, /version 1 (after|under)/],
    ['a 401 without a realm', { noRealm: true }, /REST API, no key/],
    ['a warning that is missing', { noWarning: true }, /version 1/],
    ['calls that fail with a valid key', { failEvery: 60 }, /calls with a valid key|MCP|version/],
  ];

  test.each(FAULTS)('%s: exit 1, the step that failed, and no key left', async (_what, faults, step) => {
    const played = await play(faults);
    expect(played.exitCode).toBe(1);
    expect(resultOf(played).ok).toBe(false);
    expect(failuresOf(played).map(({ name }) => name)).toContainEqual(expect.stringMatching(step));
    expect(new Set(played.deployment.statuses)).toEqual(new Set(['revoked']));
  });

  test('keys that it could not revoke, by their ids', async () => {
    const played = await play({ revokeFails: true });
    expect(played.exitCode).toBe(1);
    expect(failuresOf(played)).toEqual([expect.objectContaining({ name: 'throw-away keys' })]);
    expect(failuresOf(played)[0]?.detail).toMatch(/\w{12}, \w{12}, \w{12}.*keyturn revoke/);
  });
});

test('Ctrl-C in the middle: its keys are revoked and it exits 1', async () => {
  const played = await play({}, { interruptAtMs: 8_000 });
  expect(played.exitCode).toBe(1);
  expect(resultOf(played)).toMatchObject({ ok: false, interrupted: true, emergency: null });
  expect(resultOf(played).ms).toBeLessThan(10_000);
  expect(new Set(played.deployment.statuses)).toEqual(new Set(['revoked']));
});
