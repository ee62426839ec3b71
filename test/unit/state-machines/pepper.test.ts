/** The pepper machine's file, run in process along every path that it has. */
import { describe, expect, it } from 'vitest';
import { PEPPER_DEFINITION, runPepperMachine } from '../../support/run-pepper-machine.ts';
import { EXECUTION, FunctionError, type MachineRun } from '../../support/scripted-machine.ts';
import { edgesOf, edgesWalked } from './machine-edges.ts';
import { GOOD_PATH, INPUT, PEPPER_PATHS, type PepperPath } from './pepper-paths.ts';

const run = ({ script }: PepperPath): Promise<MachineRun> => runPepperMachine(script, INPUT);

describe('the pepper machine', () => {
  it.each(PEPPER_PATHS)('$name', async (path) => {
    const { visited, outcome } = await run(path);
    expect(visited).toEqual(path.visited);
    expect(outcome).toEqual(path.end);
  });

  it('has no state, no branch and no catch that none of these paths takes', async () => {
    const runs = await Promise.all(PEPPER_PATHS.map(run));
    const visited = new Set(runs.flatMap((each) => each.visited));
    expect([...visited].sort()).toEqual(Object.keys(PEPPER_DEFINITION.States).sort());
    const walked = new Set(runs.flatMap((each) => edgesWalked(each.visited)));
    expect([...walked].sort()).toEqual(edgesOf(PEPPER_DEFINITION).sort());
  });

  it('rotates in twelve transitions, and has nothing to clean up in three', async () => {
    const transitions = async (name: string) =>
      (await run(PEPPER_PATHS.find((path) => path.name === name) as PepperPath)).visited.length;
    expect(await transitions('rotates')).toBe(12);
    expect(await transitions('only counts and drops in a clean-up')).toBe(8);
    expect(await transitions('has nothing to clean up')).toBe(3);
  });

  it('tells each step the execution and its input, what the step before has said, and nothing else', async () => {
    const { payloads } = await run(GOOD_PATH);
    const common = { executionId: EXECUTION.Name, request: INPUT };
    const count = { secretRevision: 'v-2', after: '', needs: { '1': 2 } };
    expect(payloads).toEqual([
      { step: 'begin', ...common },
      { step: 'add', ...common },
      { step: 'make-current', ...common, pepperVersion: '20261123T140000000Z-4fK2mQ9x' },
      { step: 'count', ...common, count },
      { step: 'drop', ...common, count },
    ]);
  });

  it.each(['PepperDamaged', 'Misconfigured'])(
    'does not try a step again that fails with %s',
    async (name) => {
      const script = {
        ...GOOD_PATH.script,
        Drop: [new FunctionError(name, 'It comes again.')],
        NoteFailure: [{ next: 'refuse', message: 'On record.' }],
      };
      const { visited, payloads } = await runPepperMachine(script, INPUT);
      expect(visited.at(-1)).toBe('Failed');
      expect(payloads.filter(({ step }) => step === 'drop')).toHaveLength(1);
    },
  );

  it('tries a step that fails again, as often as the file says', async () => {
    const path = PEPPER_PATHS.find(({ name }) => name === 'Count fails for good') as PepperPath;
    const { payloads } = await run(path);
    expect(payloads.filter(({ step }) => step === 'count')).toHaveLength(1 + 8);
  });

  it('has a failure put on record by its cause, a refusal by its words, each with what was asked for', async () => {
    const lastOf = async (name: string) =>
      (await run(PEPPER_PATHS.find((path) => path.name === name) as PepperPath)).payloads.at(-1);
    const common = { executionId: EXECUTION.Name, request: INPUT };
    expect(await lastOf('Count fails for good')).toEqual({
      step: 'note-failure',
      ...common,
      error: expect.objectContaining({ Error: 'WriteContention' }),
    });
    expect(await lastOf('MakeCurrent refuses')).toEqual({
      step: 'note-refusal',
      ...common,
      message: 'MakeCurrent says why.',
    });
  });
});
