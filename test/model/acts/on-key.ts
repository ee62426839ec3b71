/** What is asked about one key. */
import type { KeyBook } from '../books.ts';
import type { Command } from '../commands.ts';
import { depsOf } from '../ports.ts';
import type { Process } from '../process.ts';
import type { World } from '../world.ts';
import { type Act, pick, told } from './act.ts';

interface Asked<Result> {
  readonly says: string;
  readonly body: (deps: ReturnType<typeof depsOf>) => Promise<Result>;
  readonly answered: (result: Result, process: Process) => string;
}

export function onKey<Result>(
  world: World,
  kind: string,
  key: number,
  crash: Command['crash'],
  asked: (book: KeyBook) => Asked<Result>,
): Act | undefined {
  const book = pick(world.ledger.keys, key);
  if (!book) return undefined;
  const { says, body, answered } = asked(book);
  const process = world.process({ kind, keyId: book.keyId }, crash);
  const run = () =>
    told(
      world,
      process,
      () => body(depsOf(world, process)),
      (result) => answered(result, process),
    );
  return { process, run: async () => `${says}: ${await run()}.` };
}
