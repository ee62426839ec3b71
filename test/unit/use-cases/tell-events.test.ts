import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { AuditTeller } from '../../../lambdas/core/ports/audit-tellers.ts';
import { tellEvents } from '../../../lambdas/core/use-cases/tell-events.ts';
import { sampleEvents } from '../../support/sample-events.ts';

const EVENTS = sampleEvents(3);
const [first, second, third] = EVENTS as readonly [AuditEvent, AuditEvent, AuditEvent];

function told(name: string, untold: readonly AuditEvent[] = []): AuditTeller & { heard: AuditEvent[] } {
  const heard: AuditEvent[] = [];
  return {
    name,
    heard,
    tell: async (events) => {
      heard.push(...events);
      return untold;
    },
  };
}

const broken: AuditTeller = { name: 'broken', tell: () => Promise.reject(new Error('no')) };

describe('tellEvents', () => {
  it('tells every teller of every event', async () => {
    const tellers = [told('one'), told('other')];
    expect(await tellEvents({ tellers, onFailure: () => undefined }, EVENTS)).toEqual([]);
    expect(tellers.map(({ heard }) => heard)).toEqual([EVENTS, EVENTS]);
  });

  it('names each event once that one teller at least could not tell, in their order', async () => {
    const tellers = [told('one', [third, first]), told('other', [third])];
    expect(await tellEvents({ tellers, onFailure: () => undefined }, EVENTS)).toEqual([first, third]);
  });

  it('takes a teller that throws for one that told nothing, and lets the others tell', async () => {
    const other = told('other');
    const failures: unknown[] = [];
    const deps = {
      tellers: [broken, other, told('one', [second])],
      onFailure: (...failure: unknown[]) => failures.push(failure),
    };
    expect(await tellEvents(deps, EVENTS)).toEqual(EVENTS);
    expect(other.heard).toEqual(EVENTS);
    expect(failures).toEqual(
      expect.arrayContaining([
        ['broken', EVENTS, new Error('no')],
        ['one', [second]],
      ]),
    );
  });

  it('tells nobody of nothing', async () => {
    expect(await tellEvents({ tellers: [broken], onFailure: () => undefined }, [])).toEqual([]);
  });
});
