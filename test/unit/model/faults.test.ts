/** The model can fail: each of these faults, put into the product, breaks an invariant before long. */
import { describe, expect, it } from 'vitest';
import { check, type Search, shortestStory } from '../../model/check.ts';
import { FAULTS, type Fault } from '../../model/faults/index.ts';
import { memoryStage } from '../../model/memory-stage.ts';
import { INVARIANTS } from '../../model/violation.ts';

const MOST_COMMANDS = 10_000;
/** On a machine that has much else to do. */
const PATIENCE_MS = 120_000;

function searchFor(fault: Fault): Search {
  const stage = () => {
    const { parts, clock } = memoryStage();
    return { clock, parts: fault.spoil(parts) };
  };
  const { shownBy: more, delivery, inRaces, breaks: only } = fault;
  return { stage, seed: 1, commands: MOST_COMMANDS, mostRounds: 60, more, delivery, inRaces, only };
}

describe('the model finds', { timeout: PATIENCE_MS }, () => {
  it.each(FAULTS)('$name', async (fault) => {
    const { finding, commands } = await check(searchFor(fault));

    expect(finding?.violation.invariant, `not found in ${commands} commands`).toBeOneOf([...fault.breaks]);
  });

  it('a fault or more of each invariant', () => {
    const broken = FAULTS.flatMap(({ breaks }) => breaks);

    expect([...new Set(broken)].sort((one, other) => one - other)).toEqual(
      Object.keys(INVARIANTS).map(Number),
    );
  });
});

describe('the story of a fault', { timeout: PATIENCE_MS }, () => {
  it('is told in a few plain sentences, and goes no further than the fault', async () => {
    const fault = FAULTS.find(({ name }) => name === 'the judgement retires stragglers') as Fault;
    const search: Search = { ...searchFor(fault), only: [3] };
    const { finding } = await check(search);
    if (!finding) throw new Error('Not found.');

    const story = await shortestStory(search.stage, finding);

    console.log(story);
    const lines = story.split('\n');
    expect(lines[0]).toMatch(/^Broken invariant 3: A version is retired only on evidence/);
    expect(lines.slice(2, -1).length).toBeLessThanOrEqual(14);
    expect(lines[2]).toMatch(
      /^ {3}1\. A key is issued under the policy '[a-z]+' with delivery '[a-z-]+': key A\.$/,
    );
    expect(lines.at(-2)).toMatch(/^ *\d+\. r\d of key [AB]: retire answers 'done'\.$/);
    expect(lines.at(-1)).toMatch(/^ {3}=> At \d+: Version \d of key [AB] was retired after /);
  });
});
