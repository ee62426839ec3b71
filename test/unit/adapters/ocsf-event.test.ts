/** Every action's event is valid by the published schema of OCSF, and says what happened. */
import { describe, expect, it } from 'vitest';
import { CLASSES, CLASSING, OCSF_VERSION } from '../../../lambdas/adapters/ocsf/ocsf-classes.ts';
import { ocsfEvent } from '../../../lambdas/adapters/ocsf/ocsf-event.ts';
import { AUDIT_ACTIONS, type AuditEntry } from '../../../lambdas/core/domain/audit-event.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { OCSF_SCHEMA_VERSION, ocsfFaults } from '../../support/ocsf/validate.ts';
import { sampleEvent } from '../../support/sample-events.ts';

/** Everything that an entry may hold. */
const FULL: Partial<AuditEntry> = {
  reason: 'Leaked in a log',
  rotationId: 'r-1',
  origin: { address: '192.0.2.7', userAgent: 'agent/1.0' },
  detail: { version: 2, immediate: true, purpose: 'emergency', scopes: ['tools:*'] },
};
const CHAINS = [
  undefined,
  { chain: 'pepper' },
  { chain: 'webhook/w-1', owner: 'a@example.com' },
  { chain: 'policy/weekly' },
] as const;

describe.each(AUDIT_ACTIONS)('%s', (action) => {
  it.each([
    ['with everything', FULL],
    ['with nothing but what must be there', {}],
    ['from an address that is none', { origin: { address: 'unknown' } }],
  ] as const)('is valid %s', (_what, entry) => {
    for (const chain of CHAINS) {
      const event = ocsfEvent(sampleEvent(action, entry, chain));
      expect(ocsfFaults(event, event.class_name)).toEqual([]);
      expect(event.class_name).toBe(CLASSES[CLASSING[action].is].name);
    }
  });
});

describe('the schema', () => {
  it('is of the version that events name', () => {
    expect(OCSF_SCHEMA_VERSION).toBe(OCSF_VERSION);
    expect(ocsfEvent(sampleEvent('key.issued'))['metadata']).toMatchObject({ version: OCSF_VERSION });
  });

  it.each<[string, object, string]>([
    ['an attribute that no class has', { owner: 'a' }, 'additional properties'],
    ['a word for a number', { severity_id: 'high' }, '/severity_id must be integer'],
    ['a value that the enumeration lacks', { activity_id: 42 }, '/activity_id must be equal'],
    ['an endpoint that is no address', { src_endpoint: { ip: 'unknown' } }, '/src_endpoint/ip must match'],
    ['an entity without a name', { entity: { type_id: 99 } }, '/entity must'],
  ])('objects to %s', (_what, wrong, objection) => {
    const event = { ...ocsfEvent(sampleEvent('key.issued')), ...wrong };
    expect(ocsfFaults(event, 'Entity Management').join('\n')).toContain(objection);
  });

  it('misses what must be there', () => {
    const { metadata: _left, ...rest } = ocsfEvent(sampleEvent('key.issued'));
    expect(ocsfFaults(rest, 'Entity Management').join('\n')).toContain("required property 'metadata'");
    expect(ocsfFaults(rest, 'Process Activity')).toEqual(["There is no class 'Process Activity'."]);
  });
});

describe('an event', () => {
  it('says what was done to which key, by whom, from where, and how it ended', () => {
    const event = sampleEvent('version.activated', FULL);
    expect(ocsfEvent(event)).toEqual({
      class_uid: 3004,
      class_name: 'Entity Management',
      category_uid: 3,
      category_name: 'Identity & Access Management',
      activity_id: 10,
      activity_name: 'Activate',
      type_uid: 300410,
      severity_id: 5,
      severity: 'Critical',
      status_id: 1,
      status: 'Success',
      time: START_MS,
      message: 'version.activated of API key Ab3dEf7hIj9L',
      comment: 'Leaked in a log',
      metadata: {
        version: '1.8.0',
        product: { name: 'Keyturn', vendor_name: 'Keyturn' },
        uid: event.hash,
        event_code: 'version.activated',
        log_name: 'keyturn-audit',
        sequence: 1,
        original_event_uid: 'key/Ab3dEf7hIj9L#1',
        correlation_uid: 'r-1',
      },
      actor: {
        app_name: 'cli',
        user: {
          uid: 'arn:aws:iam::111122223333:role/Operator',
          name: 'role/Operator',
          type_id: 1,
          type: 'User',
          account: { uid: '111122223333', type_id: 10, type: 'AWS Account' },
        },
      },
      entity: { uid: 'Ab3dEf7hIj9L', type: 'API key', type_id: 99, version: '2' },
      src_endpoint: { ip: '192.0.2.7' },
      http_request: { user_agent: 'agent/1.0' },
      unmapped: {
        chain: 'key/Ab3dEf7hIj9L',
        previousHash: '0'.repeat(64),
        outcome: 'success',
        owner: 'a@example.com',
        requestId: 'q-1',
        reason: 'Leaked in a log',
        detail: FULL.detail,
      },
    });
  });

  it('of a finding names what is affected and what to do, and is an alert', () => {
    const event = sampleEvent('security.seal-broken', { detail: { version: 2 } });
    expect(ocsfEvent(event)).toMatchObject({
      class_uid: 2004,
      type_uid: 200401,
      severity_id: 5,
      status_id: 1,
      is_alert: true,
      finding_info: { uid: event.hash, types: ['security.seal-broken'] },
      remediation: { desc: expect.stringContaining('keyturn emergency') },
      resources: [{ uid: 'Ab3dEf7hIj9L', type: 'API key', owner: { name: 'a@example.com' } }],
    });
  });

  it('of a refused try is a failed logon of the key', () => {
    expect(ocsfEvent(sampleEvent('claim.refused'))).toMatchObject({
      class_uid: 3002,
      status_id: 2,
      user: { uid: 'Ab3dEf7hIj9L', type: 'Service' },
      auth_protocol: 'API key',
    });
  });

  it.each([
    ['scheduled', 'rotation.started', 1],
    ['emergency', 'rotation.started', 5],
    ['emergency', 'rotation.failed', 5],
    ['manual', 'rotation.failed', 4],
    ['emergency', 'rotation.reminded', 1],
  ] as const)('of a rotation that is %s: %s has severity %d', (purpose, action, severity) => {
    expect(ocsfEvent(sampleEvent(action, { detail: { purpose } })).severity_id).toBe(severity);
  });

  it('of a part of Keyturn has no account, and one of the pepper is of the pepper', () => {
    const actor = { principal: 'keyturn-pepper', via: 'execution/e-1' };
    const event = ocsfEvent(sampleEvent('pepper.adding', { actor }, { chain: 'pepper' }));
    expect(event['actor']).toEqual({
      app_name: 'execution/e-1',
      user: { uid: 'keyturn-pepper', type_id: 3, type: 'System' },
    });
    expect(event['entity']).toEqual({ uid: 'pepper', type: 'Pepper', type_id: 99 });
    expect(event).toMatchObject({ activity_id: 99, activity_name: 'pepper.adding' });
  });
});

it.each([true, false, undefined])('an event says whether AWS has proven who did it: %s', (proven) => {
  const actor = { principal: 'arn:aws:iam::111122223333:user/kim', via: 'cli' };
  const event = ocsfEvent(
    sampleEvent('key.revoked', { actor: proven === undefined ? actor : { ...actor, proven } }),
  );
  expect((event['unmapped'] as { actorProven?: boolean }).actorProven).toBe(proven);
  expect(ocsfFaults(event, event.class_name)).toEqual([]);
});
