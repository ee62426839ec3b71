/** The machine of emergencies of many keys: its file, run in process along every path that it has. */
import { describe, expect, it } from 'vitest';
import {
  BULK_DEFINITION,
  type BulkMachineRun,
  type BulkScript,
  CHILD_DEFINITION,
  machineWithFailingMap,
  runBulkMachine,
} from '../../support/run-bulk-machine.ts';
import { FunctionError } from '../../support/scripted-machine.ts';
import { edgesOf, edgesWalked } from './machine-edges.ts';

const STEP = { runId: 'run-1', attempt: 2 };
const INPUT = { ...STEP, place: null };
const place = (pass: number) => ({ pass, passStartedAtMs: 0, taken: 0, nextToken: null });

const batchesOf = (keys: number) =>
  Array.from({ length: Math.ceil(keys / 25) }, (_, batch) => ({
    keyIds: Array.from({ length: Math.min(25, keys - batch * 25) }, (_, index) => `k${batch}-${index}`),
  }));

const rotate = (keys: number) => ({ ...STEP, place: place(1), next: 'rotate', batches: batchesOf(keys) });
const wait = { ...STEP, place: place(2), next: 'wait', waitSeconds: 4 };
const report = { ...STEP, place: place(3), next: 'report' };

/** What the plans answer, one after the other; the last holds. */
const plans =
  (...answers: readonly (object | Error)[]) =>
  (_payload: unknown, call: number): object => {
    const answer = answers[Math.min(call, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer as object;
  };

/** Each batch waits this often until its keys are settled. */
const settlesAfter =
  (waits: number) =>
  (payload: Readonly<Record<string, unknown>>): object => {
    const round = payload['round'] as number;
    const { step: _step, ...batch } = payload;
    const next = round < waits ? 'wait' : 'done';
    return {
      ...batch,
      keyIds: next === 'wait' ? batch['keyIds'] : [],
      round: round + 1,
      next,
      waitSeconds: 2,
    };
  };

const broken = (): never => {
  throw new FunctionError('WriteContention', 'It comes again.');
};

const done = () => ({ ...STEP, next: 'done', message: '0 of 50 keys failed.' });
const incomplete = () => ({ ...STEP, next: 'incomplete', message: '2 of 50 keys failed.' });

const GOOD: BulkScript = { Plan: plans(rotate(50), wait, report), Advance: settlesAfter(1), Report: done };
const GOOD_VISITED = [
  ...['Plan', 'Planned', 'RotateAll'],
  ...['Plan', 'Planned', 'WaitForIndexes'],
  ...['Plan', 'Planned', 'Report', 'Reported', 'Completed'],
];
const ONE_WAIT = ['Advance', 'Advanced', 'WaitForRotations', 'Advance', 'Advanced', 'Settled'];
const FAILED = { status: 'failed', error: 'EmergencyIncomplete', cause: '2 of 50 keys failed.' } as const;

interface Path {
  readonly name: string;
  readonly script: BulkScript;
  readonly machine?: ReturnType<typeof machineWithFailingMap>;
  readonly visited: readonly string[];
  readonly child: readonly string[] | undefined;
  readonly end: BulkMachineRun['outcome'];
}

const PATHS: readonly Path[] = [
  {
    name: 'replaces all keys, and looks again until there is nothing more to find',
    script: GOOD,
    visited: GOOD_VISITED,
    child: ONE_WAIT,
    end: { status: 'succeeded', output: done() },
  },
  {
    name: 'has nothing to do',
    script: { Plan: plans(report), Report: done },
    visited: ['Plan', 'Planned', 'Report', 'Reported', 'Completed'],
    child: undefined,
    end: { status: 'succeeded', output: done() },
  },
  {
    name: 'fails, and says so, when keys failed',
    script: { ...GOOD, Report: incomplete },
    visited: [...GOOD_VISITED.slice(0, -1), 'Incomplete'],
    child: ONE_WAIT,
    end: FAILED,
  },
  {
    name: 'leaves the keys of a batch that cannot be looked after to the next plan',
    script: { ...GOOD, Advance: broken },
    visited: GOOD_VISITED,
    child: ['Advance', 'LeftToNextPlan'],
    end: { status: 'succeeded', output: done() },
  },
  {
    name: 'reports what there is when the keys cannot be found',
    script: { Plan: broken, ReportFailure: incomplete },
    visited: ['Plan', 'ReportFailure', 'Incomplete'],
    child: undefined,
    end: FAILED,
  },
  {
    name: 'reports what there is when the map cannot run',
    script: { ...GOOD, Advance: broken, ReportFailure: incomplete },
    machine: machineWithFailingMap(),
    visited: ['Plan', 'Planned', 'RotateAll', 'ReportFailure', 'Incomplete'],
    child: ['Advance'],
    end: FAILED,
  },
];

const run = ({ script, machine }: Path): Promise<BulkMachineRun> => runBulkMachine(script, INPUT, machine);

describe('the machine of emergencies of many keys', () => {
  it.each(PATHS)('$name', async (path) => {
    const { visited, children, outcome } = await run(path);
    expect(visited).toEqual(path.visited);
    expect(children).toEqual(path.child ? [path.child, path.child] : []);
    expect(outcome).toEqual(path.end);
  });

  it('has no state, no branch and no catch that none of these paths takes', async () => {
    const runs = await Promise.all(PATHS.map(run));
    const walked = runs.flatMap(({ visited, children }) => [visited, ...children].flatMap(edgesWalked));
    const edges = [...edgesOf(BULK_DEFINITION), ...edgesOf(CHILD_DEFINITION)];
    expect([...new Set(walked)].sort()).toEqual(edges.sort());
  });

  it.each([
    [50, 11 + 2 * 6],
    [1_000, 11 + 40 * 6],
    [2_500, 11 + 100 * 6],
  ])('takes for %i keys %i transitions, beside those of their rotations', async (keys, transitions) => {
    const { visited, children } = await runBulkMachine(
      { ...GOOD, Plan: plans(rotate(keys), wait, report) },
      INPUT,
    );
    expect(visited.length + children.flat().length).toBe(transitions);
  });

  it('takes a quarter of a transition for a key of many', () => {
    expect((11 + 100 * 6) / 2_500).toBeLessThan(0.25);
  });

  it('tells each step its run, its attempt and where it is, and nothing else', async () => {
    const { payloads } = await runBulkMachine({ ...GOOD, Plan: plans(rotate(2), report) }, INPUT);
    const keyIds = ['k0-0', 'k0-1'];
    expect(payloads).toEqual([
      { step: 'plan', ...STEP, place: null },
      { step: 'advance', ...STEP, keyIds, round: 0 },
      { step: 'advance', ...STEP, keyIds, round: 1 },
      { step: 'plan', ...STEP, place: place(1) },
      { step: 'report', ...STEP },
    ]);
  });

  it('tells the report why the run could not go on', async () => {
    const { payloads } = await run(PATHS.find(({ script }) => script['Plan'] === broken) as Path);
    expect(payloads.at(-1)).toEqual({
      step: 'report',
      ...STEP,
      error: { Error: 'WriteContention', Cause: expect.stringContaining('It comes again.') },
    });
  });

  it('has children that say nothing, whatever becomes of them: all they say meets in one state', async () => {
    const { Settled, LeftToNextPlan } = CHILD_DEFINITION.States as Readonly<Record<string, object>>;
    for (const end of [Settled, LeftToNextPlan])
      expect(end).toMatchObject({ Type: 'Pass', Result: {}, End: true });
    expect(BULK_DEFINITION.States['RotateAll']).toMatchObject({ ResultPath: null });
  });

  it('gets over faults that pass', async () => {
    const faults = [1, 2, 3].map(() => new FunctionError('Lambda.TooManyRequestsException', 'Rate exceeded'));
    const script = {
      ...GOOD,
      Plan: plans(...faults, rotate(50), wait, report),
      Advance: (payload: Readonly<Record<string, unknown>>, call: number) =>
        call === 1 ? broken() : settlesAfter(1)(payload),
      Report: (_payload: unknown, call: number) => (call === 1 ? broken() : done()),
    };
    const { visited, children } = await runBulkMachine(script, INPUT);
    expect(visited).toEqual(GOOD_VISITED);
    expect(children).toEqual([ONE_WAIT, ONE_WAIT]);
  });

  it.each(['StepOutOfOrder', 'Misconfigured'])('does not try again what fails with %s', async (name) => {
    const hopeless = (): never => {
      throw new FunctionError(name, 'It comes again.');
    };
    const { payloads } = await runBulkMachine({ Plan: hopeless, ReportFailure: incomplete }, INPUT);
    expect(payloads.map(({ step }) => step)).toEqual(['plan', 'report']);
  });
});
