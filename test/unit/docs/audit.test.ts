/** docs/audit.md lists every action that can be on record, and every field of an event. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  AUDIT_ACTIONS,
  CHAIN_START,
  chainEvent,
  keyChain,
} from '../../../lambdas/core/domain/audit-event.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { tableUnder } from './read-document.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/audit.md', import.meta.url)), 'utf8');

/** Said beside an action that ends so. */
const MARKED = { failure: '(*failure*)', refused: '(*refused*)', success: undefined } as const;

it('lists every action, and how it ends where that is no success', () => {
  const rows = tableUnder(PAGE, '## Every action');
  expect(rows.map(([action]) => action).sort()).toEqual(AUDIT_ACTIONS.map((each) => `\`${each}\``).sort());
  for (const [name = '', when = '', chain = '', detail = ''] of rows) {
    const action = name.replaceAll('`', '') as (typeof AUDIT_ACTIONS)[number];
    const { outcome } = chainEvent({ chain: 'x' }, CHAIN_START, {
      action,
      actor: { principal: 'a test', via: 'vitest' },
      atMs: START_MS,
      detail: {},
    });
    const marks = Object.values(MARKED).filter((mark) => mark !== undefined && when.includes(mark));
    expect(marks, action).toEqual([MARKED[outcome]].filter(Boolean));
    expect(
      [chain, detail].every((cell) => cell !== ''),
      action,
    ).toBe(true);
  }
});

it('lists every field of an event', () => {
  const event = chainEvent(keyChain({ keyId: 'Ab3dEf6hIj9k', owner: 'a@example.com' }), CHAIN_START, {
    action: 'rotation.failed',
    actor: { principal: 'a test', proven: true, via: 'vitest', requestId: 'r-1' },
    atMs: START_MS,
    reason: 'why',
    rotationId: 'r-1',
    origin: { address: '203.0.113.9', userAgent: 'curl' },
    detail: {},
  });
  const listed = tableUnder(PAGE, '## What an event holds').flatMap(([fields = '']) =>
    fields.split(', ').map((field) => field.replaceAll('`', '')),
  );
  expect(listed.sort()).toEqual(Object.keys(event).sort());
});
