import { describe, expect, it } from 'vitest';
import { type AlertFacts, alertOf } from '../../../lambdas/core/domain/alert.ts';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
} from '../../../lambdas/core/domain/audit-event.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const KEY = 'Ab3dEf7hIj9L';
const alert = (action: AuditAction, entry: Partial<AuditEntry> = {}) => alertOf(sampleEvent(action, entry));
const factsOf = (action: AuditAction, entry: Partial<AuditEntry> = {}) =>
  alert(action, entry)?.facts as unknown as AlertFacts;
const EMERGENCY = { purpose: 'emergency', fromVersion: 1, version: 1 };

describe('alertOf', () => {
  it.each<[AuditAction, AuditEntry['detail'], string, string]>([
    ['rotation.started', EMERGENCY, 'emergency-begun', 'critical'],
    [
      'version.activated',
      { ...EMERGENCY, oldVersionIs: 'retired', oldVersion: 1 },
      'emergency-refused',
      'critical',
    ],
    ['version.retired', EMERGENCY, 'emergency-refused', 'critical'],
    ['rotation.failed', { purpose: 'scheduled' }, 'rotation-failed', 'high'],
    ['rotation.stuck', { purpose: 'manual', since: '2026-11-23T14:00:00.000Z' }, 'rotation-stuck', 'high'],
    ['security.seal-broken', { version: 2 }, 'seal-broken', 'critical'],
    ['security.claim-disputed', { version: 2 }, 'claim-disputed', 'critical'],
    ['security.retired-key-used', { version: 1 }, 'retired-key-used', 'critical'],
  ])('makes one of %s %j', (action, detail, kind, severity) => {
    const found = alert(action, { detail, rotationId: 'r-1' });
    expect(found).toMatchObject({
      channel: 'alert',
      recipient: 'security',
      kind,
      keyId: KEY,
      rotationId: 'r-1',
      partition: `ALERT#key/${KEY}`,
      noticeId: `1#${kind}#security`,
    });
    const facts = found?.facts as unknown as AlertFacts;
    expect(facts).toMatchObject({ kind, severity, keyId: KEY, id: `ALERT#key/${KEY}/1#${kind}#security` });
    expect(facts.title).toContain(KEY);
    expect(facts.what).toMatch(/\.$/);
    expect(facts.command).toMatch(/^keyturn [a-z]+ Ab3dEf7hIj9L/);
  });

  it.each<[AuditAction, AuditEntry['detail']]>([
    ['rotation.started', { purpose: 'scheduled' }],
    ['version.activated', { purpose: 'scheduled', oldVersionIs: 'deprecating' }],
    // The old version is still accepted: that it is refused is told when it is.
    ['version.activated', { purpose: 'emergency', oldVersionIs: 'deprecating' }],
    ['version.retired', { purpose: 'manual' }],
    ['security.wrong-keys', { requests: 7 }],
    ['key.issued', {}],
  ])('makes none of %s %j', (action, detail) => {
    expect(alert(action, { detail })).toBeUndefined();
  });

  it.each(AUDIT_ACTIONS)('makes none of %s where its rotation was ordered without', (action) => {
    expect(alert(action, { detail: { ...EMERGENCY, alertSecurity: false } })).toBeUndefined();
  });

  it('says how long an emergency took until the old version was refused', () => {
    const { what } = factsOf('version.activated', {
      detail: { ...EMERGENCY, oldVersionIs: 'retired', oldVersion: 1, refusedAfterMs: 4_210 },
    });
    expect(what).toBe(`Version 1 of key ${KEY} is refused, 4.2 s after the emergency was ordered.`);
  });

  it('carries the event that it was made from, with who and why', () => {
    const event = sampleEvent('rotation.started', { reason: 'Leaked', detail: EMERGENCY });
    const facts = alertOf(event)?.facts as unknown as AlertFacts;
    expect(facts.event).toMatchObject({
      action: 'rotation.started',
      sequence: 1,
      hash: event.hash,
      reason: 'Leaked',
    });
    expect(facts.what).toContain('Reason: Leaked.');
  });

  it('repeats a reason that ends with a full stop without another', () => {
    const reason = 'PepperDamaged: The pepper secret is not a JSON object.';
    const words = (action: AuditAction, chain: string) =>
      alertOf(sampleEvent(action, { reason }, { chain, keyId: KEY }))?.facts.what;
    expect(words('rotation.failed', `key/${KEY}`)).toMatch(/ Reason: PepperDamaged: .* object\.$/);
    expect(words('pepper.failed', 'pepper')).toMatch(/ Reason: PepperDamaged: .* object\.$/);
  });

  it('makes one for all keys of an emergency of many, whichever comes first', () => {
    const of = (keyId: string, action: AuditAction, detail: AuditEntry['detail']) =>
      alertOf(
        sampleEvent(action, { rotationId: `run-e-7-${keyId}-1`, detail }, { chain: `key/${keyId}`, keyId }),
      );
    const [one, other] = [KEY, 'Zz9yXx8wVv7u'].map((keyId) => of(keyId, 'rotation.failed', EMERGENCY));
    expect(one).toMatchObject({ partition: 'ALERT#run/e-7', noticeId: 'e-7#rotation-failed#security' });
    expect(other).toMatchObject({ partition: one?.partition, noticeId: one?.noticeId });
    expect(one?.facts).toMatchObject({ runId: 'e-7', command: 'keyturn emergency --run e-7' });
    expect(of(KEY, 'rotation.stuck', EMERGENCY)).toMatchObject({ noticeId: 'e-7#rotation-stuck#security' });
    // The emergency itself is alerted of.
    expect(of(KEY, 'rotation.started', EMERGENCY)).toBeUndefined();
    // What became of each key, the run's report says.
    expect(of(KEY, 'version.activated', { ...EMERGENCY, oldVersionIs: 'retired' })).toBeUndefined();
  });

  const ofChain = (chain: string, action: AuditAction, entry: Partial<AuditEntry> = {}, owner?: string) =>
    alertOf(sampleEvent(action, entry, { chain, ...(owner === undefined ? {} : { owner }) }));

  it.each<[AuditAction, string, string, RegExp]>([
    ['pepper.fault', 'pepper-fault', 'critical', /cannot be read.*First met in this window/],
    ['pepper.failed', 'pepper-failed', 'high', /the peppers that are there.*Reason: Busy\.$/],
  ])('makes one of the pepper: %s', (action, kind, severity, what) => {
    const found = ofChain('pepper', action, { reason: 'Busy' });
    expect(found).toMatchObject({ kind, partition: 'ALERT#pepper', noticeId: `1#${kind}#security` });
    expect(found?.facts).toMatchObject({ severity, command: expect.stringMatching(/^keyturn pepper/) });
    expect(found?.facts['what']).toMatch(what);
    expect(ofChain('pepper', 'pepper.fault-counted')).toBeUndefined();
  });

  it.each<[string, AuditAction, string, RegExp]>([
    ['emergency/e-7', 'emergency.started', 'emergency-begun', /emergency e-7: all keys of a@example.com/],
    ['emergency/e-7', 'emergency.ended', 'emergency-refused', /e-7 is over: of 9 keys the old versions of 8/],
    ['emergency/e-7', 'emergency.incomplete', 'emergency-incomplete', /1 of 9 keys failed, 0 are left/],
    ['audit', 'audit.chain-broken', 'chain-broken', /^Leaked$/],
  ])('makes one of chain %s: %s', (chain, action, kind, what) => {
    const detail = { target: 'a@example.com', keys: 9, refused: 8, 'dual-key': 0, failed: 1, left: 0 };
    const found = ofChain(chain, action, { detail, reason: 'Leaked' });
    expect(found).toMatchObject({ kind, partition: `ALERT#${chain}`, facts: { severity: 'critical' } });
    expect(found?.facts['what']).toMatch(what);
    expect(found?.facts['command']).toMatch(/^keyturn (emergency --run e-7|audit verify)$/);
  });

  it('makes one of a webhook that was given up on, with the owner who is to be told, and none of an operator’s doing', () => {
    const disabled = (by: string, owner?: string) =>
      ofChain('webhook/w-1', 'webhook.disabled', { detail: { by } }, owner);
    expect(disabled('keyturn')).toMatchObject({ kind: 'webhook-disabled', facts: { severity: 'medium' } });
    expect(disabled('operator')).toBeUndefined();
    expect(disabled('keyturn', 'a@example.com')?.facts['mend']).toContain('a@example.com');
    expect(disabled('operator', 'a@example.com')).toBeUndefined();
  });
});

it('who was stated alone does not look like who was proven', () => {
  const kim = { principal: 'arn:aws:iam::111122223333:user/kim', via: 'invoke' };
  const started = (proven: boolean) =>
    factsOf('emergency.started', { actor: { ...kim, proven }, detail: { target: 'all' } }).what;
  expect(started(false)).toContain(`${kim.principal} (stated) has ordered`);
  expect(started(true)).toContain(`${kim.principal} has ordered`);
});
