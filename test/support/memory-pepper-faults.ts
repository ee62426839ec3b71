/** Troubles with the pepper in memory: what functions note and the watch tells. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import {
  faultName,
  mergeFaults,
  type PepperFaultCount,
  timesMet,
} from '../../lambdas/core/domain/pepper-fault.ts';
import type {
  NotedPepperFault,
  PepperFaultLedger,
  PepperFaultWriter,
} from '../../lambdas/core/ports/pepper-faults.ts';
import { MemoryAuditChains } from './memory-audit-chains.ts';
import type { MemoryTable } from './memory-table.ts';

interface Noted {
  fault: PepperFaultCount;
  toldTimes?: number;
  counted: boolean;
}

export class MemoryPepperFaults implements PepperFaultWriter, PepperFaultLedger {
  readonly #chains: MemoryAuditChains;
  readonly #noted = new Map<string, Noted>();
  /** While set, every call fails with it. */
  failure: Error | undefined;
  /** Calls that were made, also those that failed. */
  calls = 0;

  constructor(table: MemoryTable) {
    this.#chains = new MemoryAuditChains(table);
  }

  async add(fault: PepperFaultCount): Promise<void> {
    this.#call();
    const before = this.#noted.get(slotOf(fault));
    if (before) before.fault = mergeFaults(before.fault, fault);
    else this.#noted.set(slotOf(fault), { fault, counted: false });
  }

  async since(windowMs: number): Promise<readonly NotedPepperFault[]> {
    this.#call();
    return [...this.#noted]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, { fault, ...noted }]) => ({ ...fault, ...noted }))
      .filter((noted) => noted.windowMs >= windowMs);
  }

  async tell(
    fault: PepperFaultCount,
    as: 'told' | 'counted',
    event: AuditEvent,
  ): Promise<'told' | 'stale' | 'known'> {
    this.#call();
    const noted = this.#noted.get(slotOf(fault));
    if (!noted || (as === 'told' ? noted.toldTimes !== undefined : noted.counted)) return 'known';
    if ((await this.#chains.append(event)) === 'stale') return 'stale';
    if (as === 'told') noted.toldTimes = timesMet(fault);
    else noted.counted = true;
    return 'told';
  }

  #call(): void {
    this.calls += 1;
    if (this.failure) throw this.failure;
  }
}

const slotOf = (fault: PepperFaultCount): string =>
  `${new Date(fault.windowMs).toISOString()}#${faultName(fault)}`;
