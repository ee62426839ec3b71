/** Executions are played by the functions' answers: their waits move the clock, and what they enter is counted. */
import { afterEach, describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../../bench/src/cost/counts.ts';
import { rotationMachine } from '../../../bench/src/cost/machines.ts';
import { Player } from '../../../bench/src/cost/player.ts';
import { VirtualTime } from '../../../bench/src/cost/virtual-time.ts';
import { HOUR_MS } from '../../../rules/time-units.ts';

const MACHINE = rotationMachine();
const STARTED = {
  machineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:Rotation',
  name: 'r-1',
  input: { keyId: 'FF05xY0L9hQm', purpose: 'manual' },
};

let time: VirtualTime | undefined;
afterEach(() => time?.end());

/** Answers of the rotation function by step; a judgement waits an hour twice before it retires. */
function bench() {
  const clock = new VirtualTime();
  time = clock;
  const asked: string[] = [];
  /** When each step came first. */
  const atMs: Record<string, number> = {};
  const later = () => new Date(clock.nowMs + HOUR_MS).toISOString();
  const next: Record<string, string[]> = {
    begin: ['generate'],
    generate: ['verify'],
    verify: ['activate'],
    activate: ['wait'],
    deliver: ['wait'],
    judge: ['wait', 'retire'],
    retire: ['done'],
  };
  const player = new Player(clock, async (name, event) => {
    const { step } = event as { readonly step: string };
    asked.push(`${name} ${step}`);
    atMs[step] ??= clock.nowMs;
    return { keyId: 'FF05xY0L9hQm', rotationId: 'r-1', next: next[step]?.shift(), waitUntil: later() };
  });
  return { clock, asked, atMs, player };
}

describe('an execution that is played', () => {
  it('asks the function step by step, and wakes when it was told to', async () => {
    const { clock, asked, atMs, player } = bench();
    const startedAtMs = clock.nowMs;
    const woken: number[] = [];
    await player.play(MACHINE, STARTED, {
      whileWaiting: async (untilMs) => void woken.push(untilMs - startedAtMs),
    });
    const steps = ['begin', 'generate', 'verify', 'activate', 'deliver', 'judge', 'judge', 'retire'];
    expect(asked).toEqual(steps.map((step) => `rotation ${step}`));
    expect(woken).toEqual([HOUR_MS, 2 * HOUR_MS]);
    expect(atMs['deliver']).toBe(startedAtMs);
    expect(clock.nowMs - startedAtMs).toBe(2 * HOUR_MS);
  });

  it('is counted by its transitions and by the events of its history', async () => {
    const { player } = bench();
    await player.play(MACHINE, STARTED, { stopsInWait: true });
    expect(player.counts).toEqual({
      ...NO_COUNTS,
      executions: 1,
      transitions: 8,
      historyEvents: 2 + 5 + 2 + 5 + 5 + 5 + 5 + 2 + 1,
    });
    const again = bench();
    await again.player.play(MACHINE, STARTED);
    expect(again.player.counts.transitions).toBe(15);
  });
});
