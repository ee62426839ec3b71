/** The page about webhooks says what is sent: types, schema, schedule, and a receiver that works. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { AUDIT_ACTIONS, CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import { MOST_WEBHOOKS } from '../../../lambdas/core/domain/webhook.ts';
import { WEBHOOK_EVENT_TYPES, webhookEventOf } from '../../../lambdas/core/domain/webhook-events.ts';
import { webhookMessage } from '../../../lambdas/core/domain/webhook-message.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { codeBlocks, inlineCode, tableUnder } from './read-document.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/webhooks.md', import.meta.url)), 'utf8');
const [example, schema] = codeBlocks(PAGE, 'json').map((block) => JSON.parse(block));
const validate = new Ajv2020.default({ strict: false }).compile(schema);

const eventOf = (action: (typeof AUDIT_ACTIONS)[number], decision: string) =>
  chainEvent({ chain: 'key/Ab3dEf7hIj9L', keyId: 'Ab3dEf7hIj9L', owner: 'a@example.com' }, CHAIN_START, {
    action,
    actor: { principal: 'a test', via: 'vitest' },
    atMs: START_MS,
    rotationId: 'r-1',
    detail: {
      decision,
      version: 2,
      evidence: 'idle',
      extensions: 1,
      oldRequests: 1,
      newRequests: 2,
      purpose: 'manual',
    },
  });

describe('the page about webhooks', () => {
  it('lists every type, and no other', () => {
    const rows = tableUnder(PAGE, 'a later release may add types and facts');
    expect(rows.flatMap(([types = '']) => inlineCode(types)).sort()).toEqual([...WEBHOOK_EVENT_TYPES].sort());
  });

  it('shows a body that its schema takes', () => {
    expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
  });

  it('has a schema that takes what is sent of every event, and refuses what is none', () => {
    const bodies = AUDIT_ACTIONS.flatMap((action) =>
      ['extend', 'hold'].flatMap((decision) => {
        const told = webhookEventOf(eventOf(action, decision));
        return told ? [webhookMessage('x', { ...told, atMs: START_MS }).body] : [];
      }),
    );
    expect(bodies.length).toBeGreaterThan(WEBHOOK_EVENT_TYPES.length);
    for (const body of bodies) expect(validate(JSON.parse(body)), JSON.stringify(validate.errors)).toBe(true);
    for (const wrong of [{}, { ...example, type: 'Rotation' }, { ...example, data: { chain: 'x' } }]) {
      expect(validate(wrong)).toBe(false);
    }
  });

  it('states how many there may be', () => {
    expect(PAGE).toContain(`may have ${MOST_WEBHOOKS} webhooks`);
  });
});
