/** Makes a story that goes wrong as short and as plain as it can be while it still goes wrong in the same way. */
import type { Command, Round, Scenario } from './commands.ts';

/** @param isAsWrong whether a scenario breaks the same invariant */
export async function shorten(
  scenario: Scenario,
  isAsWrong: (scenario: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let best = scenario;
  for (let isShorter = true; isShorter; ) {
    isShorter = false;
    for (const make of [withoutSome, plainer]) {
      for (let at = 0, candidates = make(best); at < candidates.length; at += 1) {
        const candidate = candidates[at] as Scenario;
        if (!(await isAsWrong(candidate))) continue;
        best = candidate;
        isShorter = true;
        // What is tried next is made from the better one, from the same place on.
        candidates = make(best);
        at -= 1;
      }
    }
  }
  return best;
}

/** Without whole runs of rounds, long runs first, then without one command of several. */
function withoutSome(scenario: Scenario): Scenario[] {
  const { rounds } = scenario;
  const found: Scenario[] = [];
  for (let size = 2 ** Math.floor(Math.log2(Math.max(1, rounds.length))); size >= 1; size /= 2) {
    for (let from = 0; from < rounds.length; from += size) {
      found.push({ ...scenario, rounds: [...rounds.slice(0, from), ...rounds.slice(from + size)] });
    }
  }
  return found;
}

function plainer(scenario: Scenario): Scenario[] {
  return scenario.rounds.flatMap((round, at) =>
    plainerRounds(round).map((instead) => ({
      ...scenario,
      rounds: [...scenario.rounds.slice(0, at), ...instead, ...scenario.rounds.slice(at + 1)],
    })),
  );
}

/** One after the other rather than at once; then fewer switches between them. */
function plainerRounds(round: Round): (readonly Round[])[] {
  if (!('together' in round)) return plainerCommands(round).map((command) => [command]);
  const { together, turns } = round;
  const without = (index: number) => together.filter((_, each) => each !== index);
  const alone = together.map((_, index): readonly Round[] => {
    const rest = without(index);
    return rest.length === 1 ? rest : [{ together: rest, turns }];
  });
  const simpler = together.flatMap((command, index) =>
    plainerCommands(command).map((instead): readonly Round[] => [
      { together: together.map((each, at) => (at === index ? instead : each)), turns },
    ]),
  );
  const cut = turns.length > 0 ? [turns.slice(0, turns.length / 2), turns.slice(0, -1)] : [];
  const zeroed = turns.flatMap((turn, at) =>
    turn > 0 ? [turns.map((each, index) => (index === at ? 0 : each))] : [],
  );
  const calmer = [...cut, ...zeroed].map((fewer): readonly Round[] => [{ together, turns: fewer }]);
  return [together, [...together].reverse(), ...alone, ...simpler, ...calmer];
}

/** Without its crash, then with the first of what it could choose from. */
function plainerCommands(command: Command): Command[] {
  const { crash, ...whole } = command;
  const found: Command[] = crash ? [whole as Command] : [];
  if (crash && crash.how === 'dies') found.push({ ...command, crash: { ...crash, how: 'fails' } });
  for (const field of ['key', 'execution', 'version', 'environment', 'which', 'run'] as const) {
    const value = (command as Readonly<Record<string, unknown>>)[field];
    if (typeof value === 'number' && value > 0) found.push({ ...command, [field]: 0 } as Command);
    if (typeof value === 'number' && value > 1) found.push({ ...command, [field]: 1 } as Command);
  }
  return found;
}
