/** What every ledger of troubles with the pepper must do, whatever it is made of. The fake and the table both pass it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import { PEPPER_CHAIN } from '../../lambdas/core/domain/pepper-events.ts';
import type { PepperFaultCount } from '../../lambdas/core/domain/pepper-fault.ts';
import { pepperFaultEntry } from '../../lambdas/core/domain/pepper-fault-event.ts';
import type { AuditChains } from '../../lambdas/core/ports/audit-chains.ts';
import type { PepperFaultLedger, PepperFaultWriter } from '../../lambdas/core/ports/pepper-faults.ts';
import { PEPPER_FAULT_WINDOW_SECONDS } from '../../rules/pepper-fault-timing.ts';
import { START_MS } from './manual-clock.ts';

export interface PepperFaultParts {
  readonly ledger: PepperFaultLedger;
  /** As functions write it, and as the authorizer does. */
  readonly writers: readonly [PepperFaultWriter, PepperFaultWriter];
  readonly chains: AuditChains;
}

const WINDOW_MS = PEPPER_FAULT_WINDOW_SECONDS * 1000;
const LOST = '20261123T140000000Z-4fK2mQ9x';

export function pepperFaultsContract(name: string, makeParts: () => Promise<PepperFaultParts>): void {
  describe(`${name} keeps the contract of troubles with the pepper`, () => {
    let parts: PepperFaultParts;
    let windowMs = START_MS - (START_MS % WINDOW_MS);
    beforeAll(async () => {
      parts = await makeParts();
    });
    const freshWindow = () => {
      windowMs += WINDOW_MS;
      return windowMs;
    };
    const met = (window: number, more: Partial<PepperFaultCount> = {}): PepperFaultCount => ({
      trouble: 'missing',
      pepperVersion: LOST,
      windowMs: window,
      metBy: { authorizer: 1 },
      firstAtMs: window + 5,
      lastAtMs: window + 5,
      ...more,
    });
    const next = async (fault: PepperFaultCount) =>
      chainEvent(
        PEPPER_CHAIN,
        await parts.chains.head(PEPPER_CHAIN.chain),
        pepperFaultEntry('pepper.fault', fault, fault.lastAtMs),
      );
    const times = (window: number) => ({
      windowMs: window,
      metBy: { pepper: 1 },
      firstAtMs: window + 8,
      lastAtMs: window + 8,
    });
    const untold = { counted: false };

    it('adds what functions met of one fault and window, at once too, and keeps all others apart', async () => {
      const window = freshWindow();
      const later = freshWindow();
      const [functions, authorizer] = parts.writers;
      await authorizer.add(met(window));
      await Promise.all([
        functions.add(met(window, { metBy: { admin: 2 }, firstAtMs: window + 6, lastAtMs: window + 9 })),
        authorizer.add(
          met(window, { metBy: { authorizer: 40 }, firstAtMs: window + 7, lastAtMs: window + 9 }),
        ),
      ]);
      await functions.add({ trouble: 'unreadable', ...times(window) });
      await functions.add(met(later, { pepperVersion: '1' }));
      expect(await parts.ledger.since(window)).toEqual([
        { ...met(window), metBy: { authorizer: 41, admin: 2 }, lastAtMs: window + 9, ...untold },
        { trouble: 'unreadable', ...times(window), ...untold },
        { ...met(later, { pepperVersion: '1' }), ...untold },
      ]);
      expect(await parts.ledger.since(later)).toHaveLength(1);
      expect(await parts.ledger.since(later + 1)).toEqual([]);
    });

    it('puts an event on record and notes of the fault how often it was met by then, both once', async () => {
      const window = freshWindow();
      await parts.writers[1].add(met(window));
      const event = await next(met(window));
      expect(await parts.ledger.tell(met(window), 'told', event)).toBe('told');
      await parts.writers[1].add(met(window, { metBy: { authorizer: 7 } }));
      expect(await parts.ledger.since(window)).toMatchObject([
        { metBy: { authorizer: 8 }, toldTimes: 1, counted: false },
      ]);
      expect(await parts.ledger.tell(met(window), 'told', await next(met(window)))).toBe('known');
      expect(await parts.chains.head(event.chain)).toEqual({ sequence: event.sequence, hash: event.hash });

      expect(await parts.ledger.tell(met(window), 'counted', await next(met(window)))).toBe('told');
      expect(await parts.ledger.tell(met(window), 'counted', await next(met(window)))).toBe('known');
      expect(await parts.ledger.since(window)).toMatchObject([{ toldTimes: 1, counted: true }]);
    });

    it('writes neither where another event has taken the place', async () => {
      const window = freshWindow();
      await parts.writers[0].add(met(window));
      const late = await next(met(window));
      await parts.chains.append(await next(met(window)));
      expect(await parts.ledger.tell(met(window), 'told', late)).toBe('stale');
      expect(await parts.ledger.since(window)).toEqual([{ ...met(window), ...untold }]);
    });

    it('makes no fault anew that is gone meanwhile', async () => {
      const window = freshWindow();
      expect(await parts.ledger.tell(met(window), 'told', await next(met(window)))).toBe('known');
      expect(await parts.ledger.since(window)).toEqual([]);
    });
  });
}
