/** Executions as the counts have them: every state entered, in virtual time, and nothing but the end that was meant. */
import { afterEach, describe, expect, it } from 'vitest';
import { CapturedLines } from '../../../bench/src/cost/captured-lines.ts';
import { type Playing, play, playable } from '../../../bench/src/cost/play-machine.ts';
import { VirtualTime } from '../../../bench/src/cost/virtual-time.ts';

const invoke = (step: string, Next: string) => ({
  Type: 'Task' as const,
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: {
    FunctionName: 'steps',
    Payload: { step, 'name.$': '$$.Execution.Name', 'startedAt.$': '$$.Execution.StartTime' },
  },
  OutputPath: '$.Payload',
  Next,
});

const DEFINITION = {
  StartAt: 'Begin',
  States: {
    Begin: invoke('begin', 'Wait'),
    Wait: { Type: 'Wait' as const, TimestampPath: '$.waitUntil', Next: 'Judge' },
    Judge: invoke('judge', 'Judged'),
    Judged: {
      Type: 'Choice' as const,
      Choices: [{ Variable: '$.next', StringEquals: 'wait', Next: 'Wait' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' as const },
  },
} as unknown as Parameters<typeof playable>[0];
const MACHINE = playable(DEFINITION);

function playing(answers: readonly string[], changes: Partial<Playing> = {}) {
  const events: unknown[] = [];
  const left = [...answers];
  const all: Playing = {
    name: 'r-1',
    arn: 'arn:execution:r-1',
    input: { keyId: 'FF05xY0L9hQm' },
    startedAtMs: Date.parse('2026-11-23T14:00:00Z'),
    invoke: async (functionName, event) => {
      events.push([functionName, event]);
      const next = left.shift();
      if (next === undefined) throw new Error('Not meant to be asked.');
      return { next, waitUntil: '2027-11-23T14:00:00Z' };
    },
    ...changes,
  };
  return { all, events };
}

describe('an execution that is played', () => {
  it('enters each state as often as the file says, without waiting', async () => {
    const { all, events } = playing(['wait', 'wait', 'done']);
    const { visited, historyEvents } = await play(MACHINE, all);
    expect(visited.join(' ')).toBe('Begin Wait Judge Judged Wait Judge Judged Done');
    expect(historyEvents).toBe(2 + 5 + 2 * 9 + 2);
    const startedAt = '2026-11-23T14:00:00.000Z';
    expect(events[0]).toEqual(['steps', { step: 'begin', name: 'r-1', startedAt }]);
  });

  it('ends in its wait when somebody stops it there', async () => {
    const { all } = playing(['wait'], { stopsInWait: true });
    const { visited, historyEvents } = await play(MACHINE, all);
    expect(visited).toEqual(['Begin', 'Wait']);
    expect(historyEvents).toBe(2 + 5 + 1);
  });

  it('has the states and the starts of a map’s children', async () => {
    const machine = playable({
      StartAt: 'All',
      States: {
        All: {
          Type: 'Map',
          ItemsPath: '$.batches',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Advance',
            States: { Advance: invoke('advance', 'Settled'), Settled: { Type: 'Succeed' } },
          },
          Next: 'Done',
        },
        Done: { Type: 'Succeed' },
      },
    } as never);
    const { all } = playing(['done', 'done', 'done'], { input: { batches: [1, 2, 3] } });
    const { visited, executions, historyEvents } = await play(machine, all);
    expect(visited).toHaveLength(2 + 3 * 2);
    expect(executions).toBe(4);
    // The run's own: its start and end, the map, the end. Each child's: its start and end, a task, the end.
    expect(historyEvents).toBe(2 + 4 + 2 + 3 * (2 + 5 + 2));
  });

  it('is no count when it fails', async () => {
    const { all } = playing(['wait']);
    await expect(play(MACHINE, all)).rejects.toThrow(/r-1 ended as ExecutionFailed after Begin, Wait, Judge/);
  });

  it('is no count when it ends before it could be stopped', async () => {
    const definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } } as never;
    const { all } = playing([], { stopsInWait: true });
    await expect(play(playable(definition), all)).rejects.toThrow(/ExecutionSucceeded/);
  });
});

describe('virtual time', () => {
  let time: VirtualTime | undefined;
  afterEach(() => time?.end());

  it('is what everybody’s clock shows until it ends, and never goes back', () => {
    const before = Date.now();
    time = new VirtualTime();
    expect(before - time.nowMs).toBeLessThan(3_600_000);
    time.moveTo(time.nowMs + 90 * 86_400_000);
    const movedTo = time.nowMs;
    time.moveTo(0);
    expect(Date.now()).toBe(movedTo);
    time.end();
    expect(Date.now() - before).toBeLessThan(60_000);
  });
});

describe('lines that a function writes', () => {
  const { write } = process.stdout;

  it('are counted on both streams, by bytes, and go nowhere', async () => {
    const lines = new CapturedLines();
    const result = await lines.during(async () => {
      process.stdout.write('Käse\n');
      process.stderr.write('ab\n');
      return 7;
    });
    expect([result, lines.bytes]).toEqual([7, 6 + 3]);
    expect(process.stdout.write).toBe(write);
  });

  it('are counted until the last of several has ended, in whatever order they end', async () => {
    const lines = new CapturedLines();
    let finish = () => {};
    const first = lines.during(() => new Promise<void>((resolve) => (finish = resolve)));
    const second = lines.during(async () => {
      process.stdout.write('second\n');
    });
    await second;
    process.stdout.write('first\n');
    finish();
    await first;
    expect(lines.bytes).toBe(7 + 6);
    expect(process.stdout.write).toBe(write);
  });

  it('go where they went before, also after an error', async () => {
    const broken = new CapturedLines().during(async () => {
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(process.stdout.write).toBe(write);
  });
});
