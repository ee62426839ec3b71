/** Operators have the events of a period told again. */
import { beforeEach, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { publishEvents } from '../../../lambdas/functions/admin/publish-actions.ts';
import type { PublishEventsInput } from '../../../lambdas/functions/admin/publish-contract.ts';
import { MemoryAuditReader } from '../../support/memory-audit-reader.ts';
import { MemoryWorld } from '../../support/memory-world.ts';

let world: MemoryWorld;
let told: AuditEvent[];
let untold = 0;
beforeEach(async () => {
  world = new MemoryWorld();
  told = [];
  untold = 0;
  await world.issue();
  world.clock.advanceSeconds(3600);
  await world.issue();
});

const publish = (input: PublishEventsInput) =>
  publishEvents(
    {
      ...world.deps,
      reader: new MemoryAuditReader(world.table),
      publisher: {
        again: async (events) => {
          told.push(...events);
          return untold;
        },
      },
    },
    input,
  );

it('tells those of the period, and no other', async () => {
  expect(await publish({ from: 'PT30M' })).toEqual({
    ok: true,
    result: { told: 1, untold: 0, nextToken: null },
  });
  expect(told).toHaveLength(1);
  expect(await publish({ from: 'PT2H', to: 'PT30M' })).toMatchObject({ result: { told: 1 } });
  expect(new Set(told.map(({ keyId }) => keyId)).size).toBe(2);
});

it('says how many could not be told', async () => {
  untold = 1;
  expect(await publish({ from: 'PT2H' })).toMatchObject({ result: { told: 1, untold: 1 } });
});

it('calls nobody for a period without events', async () => {
  expect(await publish({ from: 'PT30M', to: 'PT10M' })).toMatchObject({ result: { told: 0, untold: 0 } });
  expect(told).toEqual([]);
});

it.each<[PublishEventsInput, string]>([
  [{}, 'The period has no beginning.'],
  [{ from: 'lately' }, 'lately'],
  [{ from: 'PT1H', nextToken: 'junk' }, 'nextToken'],
])('refuses %j', async (input, message) => {
  const response = await publish(input);
  expect(response).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(JSON.stringify(response)).toContain(message);
});
