/** Troubles with the pepper, by window: written by whoever meets one, and told by who may write the pepper's chain. */
import type { AuditEvent } from '../domain/audit-event.ts';
import type { PepperFaultCount } from '../domain/pepper-fault.ts';

export interface PepperFaultWriter {
  /** Adds to what is counted of the fault and window already. */
  add(fault: PepperFaultCount): Promise<void>;
}

export interface NotedPepperFault extends PepperFaultCount {
  /** How often it had been met when it was told; absent: it is not told. */
  readonly toldTimes?: number;
  /** Whether the whole window is told too. */
  readonly counted: boolean;
}

export interface PepperFaultLedger {
  /** Of all windows that began at that time or later, the oldest first. Read consistently. */
  since(windowMs: number): Promise<readonly NotedPepperFault[]>;
  /**
   * Puts the event on record and notes of the fault that it is told, or counted; both or neither. `stale`: another event
   * took its place in the chain; `known`: it is noted already. Nothing was written then.
   */
  tell(
    fault: PepperFaultCount,
    as: 'told' | 'counted',
    event: AuditEvent,
  ): Promise<'told' | 'stale' | 'known'>;
}
