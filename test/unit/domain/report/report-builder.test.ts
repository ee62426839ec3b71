/** A report says what is on record, and no more. */
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../../lambdas/core/domain/audit-event.ts';
import type { Made, Report } from '../../../../lambdas/core/domain/report/report.ts';
import { ReportBuilder } from '../../../../lambdas/core/domain/report/report-builder.ts';
import { hashOfReport } from '../../../../lambdas/core/domain/report/report-hash.ts';
import { changeKeyStatus } from '../../../../lambdas/core/use-cases/change-key-status.ts';
import { Execution } from '../../../support/machine.ts';
import { START_MS } from '../../../support/manual-clock.ts';
import { MemoryWorld, OPERATOR } from '../../../support/memory-world.ts';
import { eventsOf, playQuarter, standingOf } from '../../../support/report-story.ts';
import { sampleEvent } from '../../../support/sample-events.ts';

const MADE: Made = {
  at: '2027-01-20T00:00:00.000Z',
  by: 'arn:aws:iam::111122223333:user/ops',
  version: '0.1.0',
  stack: 'Keyturn',
  place: 'account 111122223333',
};

const built = (world: MemoryWorld, fromMs: number, toMs: number): ReportBuilder => {
  const builder = new ReportBuilder({ fromMs, toMs });
  for (const event of eventsOf(world)) builder.add(event);
  return builder;
};

const reportOf = (world: MemoryWorld, fromMs: number, toMs = world.clock.nowMs): Report =>
  built(world, fromMs, toMs).report(MADE, standingOf(world), null);

const story = await playQuarter();
const { world, startMs, keys } = story;
const report = reportOf(world, startMs);

describe('rotations', () => {
  it('are counted by purpose and outcome', () => {
    const none = { started: 0, completed: 0, rolledBack: 0, failed: 0, running: 0 };
    expect(report.record.rotations.outcomes).toEqual([
      { ...none, purpose: 'scheduled', started: 1, completed: 1 },
      { ...none, purpose: 'manual', started: 3, completed: 1, rolledBack: 1, failed: 1 },
      { ...none, purpose: 'emergency', started: 2, completed: 2 },
    ]);
  });

  it('are measured from their order to their end, completed ones alone', () => {
    const days = (count: number) => count * 86_400_000;
    expect(report.record.rotations.durations[0]).toEqual({
      purpose: 'all',
      spread: { count: 4, meanMs: 152_102_250, medianMs: 131_403_500, p95Ms: days(4), slowestMs: days(4) },
    });
  });

  it('name who began them, why, and why they failed', () => {
    const rows = new Map(report.record.rotations.rows.map((row) => [row.rotationId, row]));
    expect(rows.get('r-slow')).toMatchObject({
      extensions: 1,
      holds: 0,
      reason: 'A new client',
      evidence: 'idle',
    });
    expect(rows.get('r-failed')).toMatchObject({
      outcome: 'failed',
      failure: expect.stringContaining('refused it'),
    });
    expect(report.record.extensions).toEqual({ rotations: 1, extensions: 1, holds: 0 });
  });

  it('show how far clients had moved whenever that was measured', () => {
    const slow = report.record.rotations.rows.find(({ rotationId }) => rotationId === 'r-slow');
    expect(slow?.migration.map(({ newShare }) => newShare)).toEqual([0.2, 0.4, 0.6, null]);
  });

  it('that run at the end of the period are running, whatever became of them later', () => {
    const untilThen = startMs + 6 * 86_400_000;
    expect(reportOf(world, startMs, untilThen).record.rotations.outcomes[0]).toMatchObject({
      started: 1,
      running: 1,
    });
  });

  it('that began before the period are counted by what is looked up of their start', () => {
    const from = startMs + 7 * 86_400_000;
    const builder = built(world, from, world.clock.nowMs);
    expect(builder.unknownStarts()).toEqual([{ keyId: keys.moved, rotationId: 'r-moved' }]);
    expect(builder.record().rotations.outcomes.at(-1)).toMatchObject({
      purpose: 'unknown',
      started: 0,
      completed: 1,
    });

    builder.learn(keys.moved, 'r-moved', {
      purpose: 'scheduled',
      orderedAtMs: startMs + 5 * 86_400_000,
      fromVersion: 1,
      startedBy: 'keyturn:sweep',
    });
    expect(builder.unknownStarts()).toEqual([]);
    expect(builder.record().rotations.outcomes[0]).toMatchObject({
      purpose: 'scheduled',
      started: 0,
      completed: 1,
    });
    expect(builder.record().rotations.rows[0]?.durationMs).toBe(3 * 86_400_000);
  });

  it('end with their key when that is revoked', async () => {
    const other = await playQuarter();
    const { keyId } = await other.world.issue();
    await new Execution(other.world, keyId, 'r-cut', { purpose: 'emergency', reason: 'Leak' }).toDualKey();
    other.world.clock.advanceSeconds(60);
    await changeKeyStatus(other.world.deps, keyId, 'revoked', { actor: OPERATOR, reason: 'Leak again' });
    other.world.clock.advanceSeconds(60);
    const { record } = reportOf(other.world, other.startMs);
    expect(record.rotations.rows.at(-1)).toMatchObject({
      outcome: 'failed',
      failure: 'The key was revoked: Leak again',
    });
    expect(record.emergencies.rows.at(-1)).toMatchObject({ refused: 'by-revocation', toRefusalMs: 60_000 });
  });
});

describe('who asked for a rotation, and when', () => {
  const asked = (keyId: string, rotationId: string, atMs: number, sequence: number): AuditEvent => ({
    ...(eventsOf(world).find((event) => event.rotationId === 'r-leaked') as AuditEvent),
    action: 'rotation.requested',
    actor: { principal: 'arn:aws:iam::111122223333:user/night', via: 'cli' },
    chain: `key/${keyId}`,
    keyId,
    rotationId,
    atMs,
    sequence,
  });

  it('is on record before it is begun; one that is never begun is no rotation', () => {
    const orderedAtMs = Date.parse(report.record.emergencies.rows[0]?.orderedAt as string);
    const builder = new ReportBuilder({ fromMs: startMs, toMs: world.clock.nowMs });
    const requests = [
      asked(keys.leaked, 'r-leaked', orderedAtMs - 700, 90),
      asked(keys.leaked, 'r-leaked', orderedAtMs - 300, 91),
      asked(keys.late, 'r-never', orderedAtMs - 200, 92),
    ];
    const all = [...eventsOf(world), ...requests].sort((one, other) => one.atMs - other.atMs);
    for (const event of all) builder.add(event);
    const { emergencies, rotations } = builder.record();
    expect(emergencies.rows[0]?.toRefusalMs).toBe(2_700);
    expect(rotations.rows).toHaveLength(6);
    expect(rotations.rows.find(({ rotationId }) => rotationId === 'r-leaked')?.startedBy).toContain(
      'user/night',
    );
  });
});

describe('emergencies', () => {
  it('say how long each took from its order to the refusal', () => {
    const { rows, atOnce, atSetEnd } = report.record.emergencies;
    expect(rows.map(({ refused, toRefusalMs }) => [refused, toRefusalMs])).toEqual([
      ['at-once', 2_000],
      ['at-set-end', 3_603_000],
    ]);
    expect([atOnce?.slowestMs, atSetEnd?.slowestMs]).toEqual([2_000, 3_603_000]);
  });

  it('show the first refused request beside it', () => {
    expect(report.standing.firstRefusals).toMatchObject([
      { rotationId: 'r-leaked', afterOrderMs: 32_000, afterRefusalMs: 30_000 },
    ]);
  });

  it('whose set end is still to come are not refused yet', () => {
    const orderedAtMs = Date.parse(report.record.emergencies.rows[1]?.orderedAt as string);
    const { record } = reportOf(world, startMs, orderedAtMs + 600_000);
    expect(record.emergencies.rows[1]).toMatchObject({ refusedAt: null, outcome: 'running' });
  });

  it.each([
    ['before its set end never refused anything', 1800, null],
    ['after its set end did', 5400, 'at-set-end'],
  ])('that was rolled back %s', (_when, rolledBackSeconds, refused) => {
    const builder = new ReportBuilder({ fromMs: START_MS, toMs: START_MS + 7_200_000 });
    const add = (action: AuditEvent['action'], afterSeconds: number, detail: AuditEvent['detail']) => {
      const entry = { rotationId: 'r-1', detail };
      builder.add({ ...sampleEvent(action, entry), atMs: START_MS + afterSeconds * 1000 });
    };
    const graceSeconds = 3600;
    add('rotation.started', 0, { purpose: 'emergency', fromVersion: 1, immediate: false, graceSeconds });
    add('version.activated', 2, { version: 2, oldVersion: 1, oldVersionIs: 'deprecating' });
    add('rotation.rolled-back', rolledBackSeconds, { activeVersion: 1, refusedVersion: 2 });
    expect(builder.record().emergencies.rows).toMatchObject([{ refused, outcome: 'rolled-back' }]);
  });
});

describe('keys', () => {
  it('stand against their policy, with the reason where they are past it', () => {
    const of = (keyId: string) => report.standing.keys.find((row) => row.keyId === keyId);
    expect(of(keys.moved)).toMatchObject({ standing: 'within', why: null, activeVersion: 2 });
    expect(of(keys.late)).toMatchObject({ standing: 'overdue', why: expect.stringContaining('Due since') });
    expect(of(keys.exempt)).toMatchObject({
      standing: 'exempt',
      exemptReason: 'Client frozen until its release',
    });
    expect(of(keys.revoked)).toMatchObject({ standing: 'refused', why: 'The key is revoked.' });
  });

  it('whose policy is gone, or that rotate, or that the sweep has had no chance at, say so', () => {
    const standing = standingOf(world);
    const record = built(world, startMs, world.clock.nowMs);
    const late = standing.keys.find(({ keyId }) => keyId === keys.late);
    const nowMs = standing.readToMs;
    const at = (msAgo: number) => new Date(nowMs - msAgo).toISOString();
    const shown = (change: object, rotateEvery = standing.rotateEvery) =>
      record.report(
        MADE,
        { ...standing, rotateEvery, keys: [{ ...(late as object), ...change } as never] },
        null,
      ).standing.keys[0]?.standing;
    expect(shown({}, new Map())).toBe('unknown-policy');
    expect(shown({ rotation: { purpose: 'scheduled', startedAt: at(1) } })).toBe('rotating');
    expect(shown({ dueAt: at(25 * 3_600_000) })).toBe('due');
    expect(shown({ dueAt: at(25 * 3_600_000 + 1) })).toBe('overdue');
    expect(shown({ exemption: { reason: 'over', until: at(0) } })).toBe('overdue');
  });

  it('of each policy are counted', () => {
    expect(report.standing.policies).toMatchObject([
      { policy: 'high-security', keys: 2, standings: { overdue: 1, exempt: 1, within: 0 } },
      { policy: 'standard', keys: 6, standings: { within: 6 } },
    ]);
  });

  it('that were issued or revoked in the period are named with who and why', () => {
    expect(report.record.keys).toMatchObject({ issued: 9, revoked: 1, exempted: 1 });
    expect(report.record.keys.rows.at(-1)).toMatchObject({ action: 'key.revoked', reason: 'Contract ended' });
  });

  it('that never received a version are told from those that did', () => {
    expect(report.record.deliveries).toMatchObject({
      versions: 15,
      received: [
        { of: 'claim', count: 2 },
        { of: 'issue', count: 9 },
      ],
    });
    const states = report.standing.receipts.map(({ keyId, state }) => [keyId, state]);
    expect(new Map(states as [string, string][])).toEqual(
      new Map([
        [keys.failed, 'retired-unreceived'],
        [keys['taken-back'], 'retired-unreceived'],
        [keys.leaked, 'not-received'],
        [keys.graced, 'not-received'],
      ]),
    );
  });
});

describe('events', () => {
  it('are those of the period, its end not in it', () => {
    const first = eventsOf(world)[0] as AuditEvent;
    expect(reportOf(world, first.atMs, first.atMs).record.events.count).toBe(0);
    expect(reportOf(world, first.atMs, first.atMs + 1).record.events).toMatchObject({ count: 9, chains: 9 });
    expect(report.record.events).toMatchObject({ count: 43, missing: 0 });
  });

  it('that are missing between others of their chain are counted', () => {
    const builder = new ReportBuilder({ fromMs: startMs, toMs: world.clock.nowMs });
    const isLost = ({ action, keyId }: AuditEvent) => action === 'rotation.judged' && keyId === keys.moved;
    for (const event of eventsOf(world)) if (!isLost(event)) builder.add(event);
    const cut = builder.report(MADE, standingOf(world), null);
    expect(cut.record.events.missing).toBe(1);
    expect(cut.limits.join(' ')).toContain('1 events that lie between others');
  });

  it('out of the order of time are refused: they would be counted wrongly', () => {
    const builder = new ReportBuilder({ fromMs: startMs, toMs: world.clock.nowMs });
    const events = eventsOf(world);
    builder.add(events.at(-1) as AuditEvent);
    expect(() => builder.add(events[0] as AuditEvent)).toThrow('not in the order of time');
  });

  it('tell who acted, a machine’s executions as one', () => {
    expect(report.record.actors.map(({ principal, via, events }) => [principal, via, events])).toEqual([
      ['keyturn:rotation', 'execution', 23],
      [OPERATOR.principal, 'cli', 14],
      ['unstated', 'execution', 6],
    ]);
  });

  it('of security are counted by kind and chain', async () => {
    const other = new MemoryWorld();
    const fromMs = other.clock.nowMs;
    const { keyId } = await other.issue({ delivery: 'claim-link' });
    other.table.events.get(keyId)?.push({
      ...(other.table.events.get(keyId)?.[0] as AuditEvent),
      action: 'security.seal-broken',
      sequence: 2,
      detail: { version: 1 },
    });
    other.table.events.get(keyId)?.push({
      ...(other.table.events.get(keyId)?.[0] as AuditEvent),
      action: 'security.seal-broken',
      sequence: 3,
      detail: { requests: 40 },
    });
    other.clock.advanceSeconds(1);
    expect(reportOf(other, fromMs).record.security).toMatchObject([
      { action: 'security.seal-broken', chain: `key/${keyId}`, count: 2, requests: 41 },
    ]);
  });
});

describe('its hash', () => {
  it('is that of the same record made again, and of no other', () => {
    const again = reportOf(world, startMs);
    expect(hashOfReport(again)).toBe(hashOfReport(report));
    const altered = { ...report, limits: [] };
    expect(hashOfReport(altered)).not.toBe(hashOfReport(report));
    expect(hashOfReport(JSON.parse(JSON.stringify(report)))).toBe(hashOfReport(report));
  });
});

it('of a period without an event is empty, and says so', () => {
  const empty = new ReportBuilder({ fromMs: 0, toMs: 1 }).report(
    MADE,
    { ...standingOf(world), keys: [] },
    null,
  );
  expect(empty.record.events).toMatchObject({ count: 0, first: null, last: null });
  expect(empty.record.emergencies).toEqual({ rows: [], atOnce: null, atSetEnd: null });
  expect(empty.record.rotations.durations).toEqual([]);
  expect(empty.standing.counts.total).toBe(0);
});

it('makes no claim on a control without its limit', () => {
  expect(report.controls.map(({ control }) => control.split(' ')[0])).toEqual(
    expect.arrayContaining(['CC6.1', 'A.5.17', 'A.8.24', '8.6.3', '(a)(5)(ii)(D)', '5.5']),
  );
  for (const { limit, evidence } of report.controls) {
    expect(limit.length).toBeGreaterThan(20);
    expect(evidence.length).toBeGreaterThan(0);
  }
});
