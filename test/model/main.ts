import fc from 'fast-check';
import { scenarios } from './arbitraries.ts';
import { memoryBackend, stageOn } from './memory-stage.ts';
import { play } from './play.ts';
import { shorten } from './shorten.ts';
import { tell } from './story.ts';

let commands = 0;
const began = Date.now();
const details = await fc.check(
  fc.asyncProperty(scenarios(60), async (scenario) => {
    const played = await play(stageOn(memoryBackend()), scenario);
    commands += played.commands;
    if (played.story) throw played.story.violation;
  }),
  { numRuns: Number(process.argv[2] ?? 200), seed: Number(process.argv[3] ?? 1), endOnFailure: true },
);
console.log(commands, 'commands', details.numRuns, 'runs', details.numShrinks, 'shrinks', Date.now() - began, 'ms');
if (details.failed) {
  console.log(details.errorInstance instanceof Error && details.errorInstance.name !== 'Violation' ? details.errorInstance : '');
  const [scenario] = details.counterexample ?? [];
  if (scenario) {
    const first = await play(stageOn(memoryBackend()), scenario);
    let plays = 0;
    const t = Date.now();
    const short = await shorten(scenario, async (candidate) => {
      plays += 1;
      return (await play(stageOn(memoryBackend()), candidate)).story?.violation.invariant === first.story?.violation.invariant;
    });
    console.log('shortened in', plays, 'plays', Date.now() - t, 'ms');
    const { story } = await play(stageOn(memoryBackend()), short);
    if (story) console.log(tell(story));
  }
}
