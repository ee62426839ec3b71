/** What webhooks are told of events on record, and what not. */
import { describe, expect, it } from 'vitest';
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type AuditEntry,
  CHAIN_START,
  chainEvent,
} from '../../../lambdas/core/domain/audit-event.ts';
import { WEBHOOK_EVENT_TYPES, webhookEventOf } from '../../../lambdas/core/domain/webhook-events.ts';
import { START_MS } from '../../support/manual-clock.ts';

const CHAIN = { chain: 'key/Ab3dEf7hIj9L', keyId: 'Ab3dEf7hIj9L', owner: 'a@example.com' };
const told = (action: AuditAction, detail: AuditEntry['detail'] = {}, more: Partial<AuditEntry> = {}) =>
  webhookEventOf(
    chainEvent(CHAIN, CHAIN_START, {
      action,
      actor: { principal: 'arn:aws:iam::111122223333:user/kim', via: 'keyturn-cli' },
      atMs: START_MS,
      detail,
      ...more,
    }),
  );

describe('an event', () => {
  it('is told with its place on record, what it is about, and the facts that are named', () => {
    expect(
      told(
        'rotation.started',
        { purpose: 'manual', fromVersion: 1, immediate: false, graceSeconds: 60 },
        { rotationId: 'r-1' },
      ),
    ).toEqual({
      type: 'rotation.started',
      data: {
        chain: 'key/Ab3dEf7hIj9L',
        sequence: 1,
        outcome: 'success',
        keyId: 'Ab3dEf7hIj9L',
        owner: 'a@example.com',
        rotationId: 'r-1',
        purpose: 'manual',
        fromVersion: 1,
        immediate: false,
        graceSeconds: 60,
      },
    });
  });

  it('is told without the words and the addresses of people, and without what nobody has decided to tell', () => {
    const event = told(
      'renewal.proposed',
      { version: 2, thumbprint: 'print', address: '198.51.100.7', userAgent: 'agent', fresh: 'fact' },
      { reason: 'A reason', origin: { address: '198.51.100.7' } },
    );
    expect(event?.data['version']).toBe(2);
    expect(JSON.stringify(event)).not.toMatch(/print|198\.51|agent|fact|reason|kim/i);
  });

  it('of a judgement is an extension, a hold, or nothing: of a retirement its own event tells', () => {
    const detail = { evidence: 'stragglers', oldRequests: 3, newRequests: 5, extensions: 1 };
    expect(told('rotation.judged', { ...detail, decision: 'extend' })).toMatchObject({
      type: 'rotation.extended',
      data: detail,
    });
    expect(told('rotation.judged', { ...detail, decision: 'hold' })?.type).toBe('rotation.held');
    expect(told('rotation.judged', { ...detail, decision: 'retire' })).toBeUndefined();
  });

  it.each([
    'webhook.tested',
    'version.generated',
    'rotation.looked',
    'claim.refused',
    'pepper.adding',
  ] as const)('such as %s is not told', (action) => {
    expect(told(action)).toBeUndefined();
  });

  it('names the webhook that it is about', () => {
    const chain = { chain: 'webhook/wh_Ab3dEf7hIj9L' };
    const actor = { principal: 'a test', via: 'vitest' };
    const event = chainEvent(chain, CHAIN_START, {
      action: 'webhook.disabled',
      actor,
      atMs: START_MS,
      detail: {},
    });
    expect(webhookEventOf(event)?.data).toMatchObject({ webhookId: 'wh_Ab3dEf7hIj9L' });
  });
});

describe('types', () => {
  it('are of the letters that the scheme recommends, each once', () => {
    for (const type of WEBHOOK_EVENT_TYPES) expect(type).toMatch(/^[a-z]+\.[a-z_]+$/);
    expect(new Set(WEBHOOK_EVENT_TYPES).size).toBe(WEBHOOK_EVENT_TYPES.length);
  });

  it('come of events that there are', () => {
    const every = AUDIT_ACTIONS.flatMap((action) =>
      ['extend', 'hold'].flatMap((decision) => told(action, { decision })?.type ?? []),
    );
    expect([...new Set(every)].sort()).toEqual([...WEBHOOK_EVENT_TYPES].sort());
  });
});
