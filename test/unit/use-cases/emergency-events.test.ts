/** An emergency of many keys is on record by itself: who started it, who let it go on, and how it ended. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditEvent, firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { reportEmergency } from '../../../lambdas/core/use-cases/report-emergency.ts';
import { BulkWorld } from '../../support/bulk-world.ts';
import { OPERATOR } from '../../support/memory-world.ts';

let world: BulkWorld;
beforeEach(() => {
  world = new BulkWorld();
});

const events = (): readonly AuditEvent[] => world.runs.events.get('run-1') ?? [];

describe('the chain of an emergency of many keys', () => {
  it('says who started it, why and on what, and how it ended', async () => {
    await world.issue({ owner: 'team@example.com' });
    const run = await world.startRun();
    await world.play(run);

    const [started, ended, ...others] = events();
    expect(others).toEqual([]);
    expect(started).toMatchObject({
      chain: 'emergency/run-1',
      action: 'emergency.started',
      actor: OPERATOR,
      reason: run.reason,
      detail: { immediate: run.immediate, attempt: 1 },
      outcome: 'success',
      sequence: 1,
    });
    expect(ended).toMatchObject({
      action: 'emergency.ended',
      actor: { principal: 'keyturn:emergency', via: 'execution/run-1-1' },
      detail: { keys: 1, refused: 1, failed: 0, left: 0, attempt: 1 },
      outcome: 'success',
    });
    expect(firstBrokenLink(events())).toBeUndefined();
  });

  it('says that it failed, who let it go on, and nothing twice', async () => {
    await world.startRun();
    await world.startRun();
    await reportEmergency(world.bulk, { runId: 'run-1', attempt: 1, failure: 'States.Timeout' });
    await reportEmergency(world.bulk, { runId: 'run-1', attempt: 1, failure: 'States.Timeout' });
    await world.resumeRun();

    expect(events().map(({ action, outcome, reason }) => [action, outcome, reason])).toEqual([
      ['emergency.started', 'success', expect.any(String)],
      ['emergency.incomplete', 'failure', 'States.Timeout'],
      ['emergency.resumed', 'success', expect.any(String)],
    ]);
    expect(events().at(-1)).toMatchObject({ actor: OPERATOR, detail: { attempt: 2 } });
    expect(firstBrokenLink(events())).toBeUndefined();
  });
});
