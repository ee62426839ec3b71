/** What starts rotations: operators, once or twice, and the sweep. */
import { type CommandTo, ORDERS } from '../commands.ts';
import { depsOf } from '../ports.ts';
import type { World } from '../world.ts';
import { type Act, pick, told } from './act.ts';

export function rotate(world: World, { key, order, crash }: CommandTo<'rotate'>): Act | undefined {
  const book = pick(world.ledger.keys, key);
  if (!book) return undefined;
  const process = world.process({ kind: 'rotate', keyId: book.keyId }, crash);
  const rotationId = world.newRotationId();
  const request = { keyId: book.keyId, initiatedBy: 'operator', ...ORDERS[order] };
  const started = () => world.machine.of(rotationId)?.label ?? 'nothing';
  const run = () =>
    told(
      world,
      process,
      () => depsOf(world, process).machine.start(rotationId, request),
      () => 'done',
    );
  return {
    process,
    run: async () => `A rotation of key ${book.name} is started (${order}): ${await run()}, ${started()}.`,
  };
}

export function startAgain(world: World, { execution, crash }: CommandTo<'start again'>): Act | undefined {
  const chosen = pick(world.machine.executions, execution);
  if (!chosen) return undefined;
  const process = world.process({ kind: 'rotate', keyId: chosen.keyId }, crash);
  const run = () =>
    told(
      world,
      process,
      () => depsOf(world, process).machine.start(chosen.rotationId, chosen.request),
      () => 'it is the same one',
    );
  return { process, run: async () => `${chosen.label} is started once more: ${await run()}.` };
}

export function sweep(world: World, { crash }: CommandTo<'sweep'>): Act | undefined {
  const process = world.process({ kind: 'sweep' }, crash);
  const before = world.machine.executions.length;
  const run = () =>
    told(
      world,
      process,
      () => {
        const deps = {
          ...depsOf(world, process),
          sleep: async () => {},
          random: () => 0.5,
          onFailure: (_keyId: string, error: unknown) => {
            world.judge(() => world.enterError(process, error as Error));
          },
        };
        const endsAtMs = world.clock.nowMs + 600_000;
        return world.parts.useCases.sweepDueKeys(deps, { startsPerSecond: 1, spreadMs: 0, endsAtMs });
      },
      ({ due, started }) => `of ${due} due keys ${started} are started`,
    );
  const labels = () => world.machine.executions.slice(before).map(({ label }) => label);
  return { process, run: async () => `A sweep: ${await run()} [${labels().join(', ')}].` };
}
