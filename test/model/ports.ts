/** The product's ports, as one process calls them: each call may be held up, watched, or be its last. */

import type { EmergencyDeps } from '../../lambdas/core/use-cases/emergency-deps.ts';
import type { OrderDeps } from '../../lambdas/core/use-cases/order-emergency.ts';
import type { PepperDeps } from '../../lambdas/core/use-cases/pepper-deps.ts';
import type { RotationDeps } from '../../lambdas/core/use-cases/rotation-deps.ts';
import type { Instance } from './instance.ts';
import type { Machine } from './machine.ts';
import type { Parts } from './parts.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

type Deps = Omit<RotationDeps, 'executions'> & {
  readonly executions: Machine;
  readonly machine: Machine;
  readonly due: Parts['due'];
  readonly tries: Parts['tries'];
};

/** What the steps of a rotation have, the operator's tools and the sweep. */
export function depsOf(world: World, process: Process): Deps {
  const { parts, machine } = world;
  const instance = world.instances.for(process);
  return {
    store: process.through('store', parts.store),
    uses: process.through('uses', parts.uses),
    due: process.through('due', parts.due),
    tries: process.through('tries', parts.tries),
    sealer: process.through('sealer', parts.sealer),
    verifier: verifierOf(world, process, instance),
    caches: process.through('caches', world.gateway),
    executions: process.through('executions', machine),
    machine: process.through('machine', machine),
    peppers: instance.peppers,
    places: placesOf(process, parts.place),
    links: { sender: process.through('links', parts.links), pageUrl: LINK_PAGE },
    policies: world.policies,
    prefix: 'mk',
    evidenceLagSeconds: world.evidenceLagSeconds,
    clock: world.clock.read,
    randomBytes: world.randomBytes,
  };
}

export const LINK_PAGE = 'https://keys.example.com/claim';

/** Every place is the same one here. */
function placesOf(process: Process, place: Parts['place']): RotationDeps['places'] {
  const asCalled = process.through('place', place);
  return { 'secrets-manager': asCalled, vault: asCalled };
}

/** The authorizer that is asked reads in its own time, and has peppers of its own. */
function verifierOf(
  { parts, isDoubted }: World,
  process: Process,
  { peppers }: Instance,
): RotationDeps['verifier'] {
  const reader = process.through('reader', parts.reader);
  const verifier = parts.verifier({ memory: parts.memory(reader, 0), peppers });
  return {
    verify: async (key, expected) => (isDoubted ? 'It is not known yet.' : verifier.verify(key, expected)),
  };
}

/** What a step of an emergency of many keys has. */
export function runDepsOf(world: World, process: Process): EmergencyDeps {
  const { store, machine, executions, clock } = depsOf(world, process);
  return {
    runs: process.through('runs', world.parts.runs),
    store,
    machine,
    executions: { look: (arn) => executions.look(arn) },
    clock,
    onFailure: (_keyId, error) => world.judge(() => world.enterError(process, error as Error)),
  };
}

/** What ordering one has. */
export const orderDepsOf = ({ parts, runs, clock }: World, process: Process): OrderDeps => ({
  runs: process.through('runs', parts.runs),
  runMachine: process.through('runMachine', runs),
  executions: process.through('runExecutions', runs),
  clock: clock.read,
});

/** What a step of the pepper's rotation has. */
export const pepperDepsOf = ({ parts, clock, randomBytes }: World, process: Process): PepperDeps => ({
  secret: process.through('pepperSecret', parts.pepperSecret),
  record: process.through('pepperRecord', parts.pepperRecord),
  keys: { from: (after) => pagesOf(process, parts.keys.from(after)) },
  clock: clock.read,
  randomBytes,
});

/** Each page is a call of its own. */
async function* pagesOf<Page>(process: Process, pages: AsyncIterable<Page>): AsyncIterable<Page> {
  const walk = pages[Symbol.asyncIterator]();
  for (;;) {
    const page = (await process.call('keys.from', [], () => walk.next())) as IteratorResult<Page>;
    if (page.done) return;
    yield page.value;
  }
}
