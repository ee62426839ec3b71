/** The rotation machine's file, run in process along every path that it has. */
import { describe, expect, it } from 'vitest';
import { DEFINITION, runMachine } from '../../support/run-machine.ts';
import { EXECUTION, FunctionError, type MachineRun } from '../../support/scripted-machine.ts';
import { edgesOf, edgesWalked } from './machine-edges.ts';
import { GOOD_PATH, INPUT, PATHS, type Path } from './rotation-paths.ts';

const run = ({ script }: Path): Promise<MachineRun> => runMachine(script, INPUT);

describe('the rotation machine', () => {
  it.each(PATHS)('$name', async (path) => {
    const { visited, outcome } = await run(path);
    expect(visited).toEqual(path.visited);
    expect(outcome).toEqual(path.end);
  });

  it('has no state, no branch and no catch that none of these paths takes', async () => {
    const runs = await Promise.all(PATHS.map(run));
    const visited = new Set(runs.flatMap((each) => each.visited));
    expect([...visited].sort()).toEqual(Object.keys(DEFINITION.States).sort());
    const walked = new Set(runs.flatMap((each) => edgesWalked(each.visited)));
    expect([...walked].sort()).toEqual(edgesOf(DEFINITION).sort());
  });

  it('tells Begin the rotation, the execution and its input, and nothing else', async () => {
    const [begin] = (await run(GOOD_PATH)).payloads;
    expect(begin).toEqual({
      step: 'begin',
      rotationId: EXECUTION.Name,
      executionArn: EXECUTION.Id,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
      request: INPUT,
    });
  });

  it('tells every later step two ids, Judge that it can deliver again, and nothing else', async () => {
    const [, ...steps] = (await run(GOOD_PATH)).payloads;
    expect(steps).toEqual(
      ['generate', 'verify', 'activate', 'deliver', 'judge', 'retire'].map((step) => ({
        step,
        keyId: INPUT.keyId,
        rotationId: EXECUTION.Name,
        ...(step === 'judge' ? { deliversAgain: true } : {}),
      })),
    );
  });

  it.each(PATHS.filter(({ name }) => name.endsWith('fails for good')))(
    'tells Abandon what failed, and the request, when $name',
    async (path) => {
      const abandon = (await run(path)).payloads.at(-1);
      expect(abandon).toEqual({
        step: 'abandon',
        rotationId: EXECUTION.Name,
        request: INPUT,
        error: { Error: 'WriteContention', Cause: expect.stringContaining('"errorMessage"') },
      });
    },
  );

  it('carries ids, times and words from state to state, and nothing else', async () => {
    const carried = new Set<string>();
    for (const { inputs } of await Promise.all(PATHS.map(run))) {
      for (const { state, input } of inputs) {
        // Until Begin has answered there is the execution's own input.
        if (state === 'Begin' || 'purpose' in input) continue;
        for (const field of Object.keys(input)) carried.add(field);
      }
    }
    expect([...carried].sort()).toEqual([
      'error',
      'keyId',
      'message',
      'next',
      'rotationId',
      'runningExecutionArn',
      'runningRotationId',
      'waitUntil',
    ]);
  });

  it('tries a step that fails again, as often as the file says', async () => {
    const callsOf = async (path: Path, step: string) =>
      (await run(path)).payloads.filter((payload) => payload['step'] === step).length;
    const failing = (task: string) => PATHS.find(({ name }) => name === `${task} fails for good`) as Path;
    expect(await callsOf(failing('Verify'), 'verify')).toBe(1 + 3);
    expect(await callsOf(failing('Judge'), 'judge')).toBe(1 + 8);
    expect(await callsOf(PATHS.at(-1) as Path, 'abandon')).toBe(1 + 8);
  });

  it.each(['NoVerdict', 'SealBroken', 'StepOutOfOrder', 'Misconfigured'])(
    'does not try a step again that fails with %s',
    async (name) => {
      const path = PATHS.find((each) => each.name === 'Retire fails for good') as Path;
      const script = { ...path.script, Retire: [new FunctionError(name, 'It comes again.')] };
      const { visited, payloads } = await runMachine(script, INPUT);
      expect(visited).toEqual(path.visited);
      expect(payloads.filter(({ step }) => step === 'retire')).toHaveLength(1);
    },
  );
});
