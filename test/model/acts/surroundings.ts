/** Clients, the authorizers' environments, and time. */
import type { AuthorizationDecision } from '../../../lambdas/core/domain/authorization.ts';
import { enterAnswer, enterAttempt, enterKept } from '../authorization.ts';
import type { KeyBook, VersionBook } from '../books.ts';
import type { CommandTo } from '../commands.ts';
import { ROTATION } from '../machine-definition.ts';
import type { Process } from '../process.ts';
import type { World } from '../world.ts';
import { type Act, pick, told } from './act.ts';

export function use(world: World, { key, version, environment, crash }: CommandTo<'use'>): Act | undefined {
  const book = pick(world.ledger.keys, key);
  const held = book && pick(world.ledger.held(book), version);
  const which = environment % world.environments.length;
  const server = world.environments[which];
  if (!book || held?.text === undefined || !server || server.isTaken) return undefined;
  const presented = held.text;
  const process = world.process({ kind: 'use', keyId: book.keyId }, crash);
  const says = `A client calls with version ${held.version} of key ${book.name} through environment ${which + 1}`;
  if (world.gateway.allows(presented)) return kept(world, process, book, held);
  server.take(process);
  const attempt = enterAttempt(book, held, server, process.began);
  const run = async () => {
    const said = await told(
      world,
      process,
      () => server.authorize(presented),
      (decision: AuthorizationDecision) => {
        world.judge(() => enterAnswer(world, attempt, decision));
        if (decision.outcome === 'allowed') world.gateway.keep(presented, process.began);
        return decision.outcome === 'unauthenticated' ? `refused (${decision.reason})` : decision.outcome;
      },
    );
    server.release();
    if (process.isDead) world.environments[which] = world.freshEnvironment();
    return said;
  };
  return { process, run: async () => `${says}: ${await run()}.` };
}

function kept(world: World, process: Process, book: KeyBook, held: VersionBook): Act {
  return {
    process,
    run: async () => {
      world.judge(() => enterKept(world, book, held, process.began));
      return `A client calls with version ${held.version} of key ${book.name}: allowed, by API Gateway's cache.`;
    },
  };
}

export function endEnvironment(
  world: World,
  { environment, flushes, crash }: CommandTo<'end environment'>,
): Act | undefined {
  const which = environment % world.environments.length;
  const server = world.environments[which];
  if (!server || server.isTaken) return undefined;
  const process = world.process({ kind: 'end environment' }, crash);
  server.take(process);
  const run = async () => {
    if (!flushes) return 'and loses its counts';
    return told(
      world,
      process,
      () => server.flush(),
      () => 'and writes its counts',
    );
  };
  return {
    process,
    run: async () => {
      const said = await run();
      world.environments[which] = world.freshEnvironment();
      return `Environment ${which + 1} ends, ${said}.`;
    },
  };
}

export function doubt(world: World, { objects }: CommandTo<'doubt'>): Act | undefined {
  if (world.isDoubted === objects) return undefined;
  return instant(world, 'doubt', () => {
    world.isDoubted = objects;
    return objects ? 'The authorizers do not know new keys.' : 'The authorizers know new keys again.';
  });
}

export function place(world: World, { isOut }: CommandTo<'place'>): Act | undefined {
  const { place, links } = world.parts;
  if ((place.outage !== undefined) === isOut) return undefined;
  return instant(world, 'place', () => {
    place.outage = isOut ? 'The place of keys is out of reach.' : undefined;
    links.trouble = isOut ? 'No mail can be sent.' : undefined;
    return isOut
      ? 'Neither the place of keys nor the sender of mails takes anything.'
      : 'The place of keys and the sender of mails are there again.';
  });
}

export function deploy(world: World, { policies }: CommandTo<'deploy'>): Act | undefined {
  if (!world.deploy(policies)) return undefined;
  return instant(world, 'deploy', () => `Other policies are deployed (${policies}).`);
}

export const wait = (world: World, { seconds }: CommandTo<'wait'>): Act =>
  instant(world, 'wait', () => {
    world.clock.advanceSeconds(seconds);
    return `${inWords(seconds)} pass.`;
  });

export function waitForMachine(world: World): Act | undefined {
  const rotations = world.machine.executions
    .filter(({ state }) => state !== undefined && ROTATION.stepOf(state) === undefined)
    .map(({ waitUntilMs, label }) => ({ waitUntilMs, label }));
  const [first] = [...rotations, ...world.runs.waits, ...world.peppers.waits]
    .filter(({ waitUntilMs }) => waitUntilMs > world.clock.nowMs)
    .sort((one, other) => one.waitUntilMs - other.waitUntilMs);
  if (!first) return undefined;
  const { waitUntilMs, label } = first;
  return instant(world, 'wait', () => {
    const seconds = Math.max(0, waitUntilMs - world.clock.nowMs) / 1000;
    world.clock.advanceSeconds(seconds);
    return `${inWords(seconds)} pass, until ${label} goes on.`;
  });
}

export function waitForDueDate(world: World, { key }: CommandTo<'wait for due date'>): Act | undefined {
  const book = pick(world.ledger.keys, key);
  const seconds = book ? Math.ceil((book.record.dueAtMs - world.clock.nowMs) / 1000) : 0;
  if (!book || seconds <= 0) return undefined;
  return instant(world, 'wait', () => {
    world.clock.advanceSeconds(seconds);
    return `${inWords(seconds)} pass, until key ${book.name} is due.`;
  });
}

function instant(world: World, kind: string, effect: () => string): Act {
  const process = world.process({ kind }, undefined);
  return {
    process,
    run: async () => {
      await process.turn();
      return effect();
    },
  };
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `3 days`, `20 seconds`. */
export function inWords(seconds: number): string {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each && seconds % each === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
