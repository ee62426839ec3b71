/** A part of what `npm run test:model` does at length: the invariants hold, whatever comes between. */
import { describe, expect, it } from 'vitest';
import { check, shortestStory } from '../../model/check.ts';
import { memoryStage } from '../../model/memory-stage.ts';

const COMMANDS = 3_000;
/** On a machine that has much else to do. */
const PATIENCE_MS = 120_000;
const stage = memoryStage;

/** What the model is there for: a run that met less of it has shown nothing. */
const MET = [
  'answer: allowed',
  'answer: disabled',
  'answer: retired',
  'change: key.enabled',
  'change: rotation.failed',
  'change: rotation.judged',
  'change: rotation.reminded',
  'change: rotation.rolled-back',
  'change: rotation.taken-over',
  'change: version.claimed',
  'change: version.retired',
  'command: sweep',
  'run: advance answers wait',
  'crash: it dies after its first write',
  'crash: it dies before its first write',
  'crash: its first write fails although it is made',
  'crash: its first write fails and is not made',
  'race: a write comes too late',
  'race: commands at the same time',
];

describe('the life of keys in random stories', { timeout: PATIENCE_MS }, () => {
  it(`keeps every invariant through ${COMMANDS} commands and more, and always recovers`, async () => {
    const seed = Date.now() % 1_000_000_000;
    const { finding, commands, tally } = await check({ stage, seed, commands: COMMANDS, mostRounds: 60 });

    if (finding) {
      const again = `npm run test:model -- --seed ${finding.seed} --path ${finding.path}`;
      expect.fail(`${await shortestStory(stage, finding)}\nAgain: ${again}`);
    }
    expect(commands).toBeGreaterThanOrEqual(COMMANDS);
    expect(MET.filter((what) => tally.of(what) === 0)).toEqual([]);
  });

  it('plays the same again for the same seed', async () => {
    const search = { stage, seed: 7, commands: 200, mostRounds: 60 };

    const [once, again] = [await check(search), await check(search)];

    expect(again.tally.toString()).toBe(once.tally.toString());
  });
});
