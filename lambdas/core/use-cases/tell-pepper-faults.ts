/** Each minute: troubles with the pepper that were noted go on record, once for each fault and window. */
import { PEPPER_FAULT_LAG_SECONDS, PEPPER_FAULT_WINDOW_SECONDS } from '../../../rules/pepper-fault-timing.ts';
import { chainEvent } from '../domain/audit-event.ts';
import { PEPPER_CHAIN } from '../domain/pepper-events.ts';
import { timesMet } from '../domain/pepper-fault.ts';
import { pepperFaultEntry } from '../domain/pepper-fault-event.ts';
import type { Clock } from '../ports/ambient.ts';
import type { AuditChains } from '../ports/audit-chains.ts';
import type { NotedPepperFault, PepperFaultLedger } from '../ports/pepper-faults.ts';
import { AGAIN, CHAIN_ATTEMPTS, untilSettled } from './until-settled.ts';

export interface TellPepperFaultsDeps {
  readonly faults: PepperFaultLedger;
  readonly chains: Pick<AuditChains, 'head'>;
  readonly clock: Clock;
}

/** What could not be told in time is told later, up to this. */
const LOOK_BACK_MS = 6 * 3_600_000;
const SETTLED_MS = (PEPPER_FAULT_WINDOW_SECONDS + PEPPER_FAULT_LAG_SECONDS) * 1000;
const ACTION = { told: 'pepper.fault', counted: 'pepper.fault-counted' } as const;

/**
 * Safe to repeat, and at once. One that cannot be told keeps no other from being told.
 *
 * @returns how many events went on record. Throws what kept the first of them, when all others are told
 */
export async function tellPepperFaults(deps: TellPepperFaultsDeps): Promise<number> {
  const nowMs = deps.clock();
  const failures: unknown[] = [];
  let told = 0;
  for (const fault of await deps.faults.since(nowMs - LOOK_BACK_MS)) {
    try {
      if (fault.toldTimes === undefined && (await tell(deps, fault, 'told'))) told += 1;
      if (isToBeCounted(fault, nowMs) && (await tell(deps, fault, 'counted'))) told += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return told;
}

/** Where it was met again after it was told: otherwise that has said all. */
const isToBeCounted = (fault: NotedPepperFault, nowMs: number): boolean =>
  !fault.counted &&
  nowMs >= fault.windowMs + SETTLED_MS &&
  fault.toldTimes !== undefined &&
  timesMet(fault) > fault.toldTimes;

function tell(
  { faults, chains, clock }: TellPepperFaultsDeps,
  fault: NotedPepperFault,
  as: keyof typeof ACTION,
): Promise<boolean> {
  const attempt = async () => {
    const head = await chains.head(PEPPER_CHAIN.chain);
    const event = chainEvent(PEPPER_CHAIN, head, pepperFaultEntry(ACTION[as], fault, clock()));
    const outcome = await faults.tell(fault, as, event);
    return outcome === 'stale' ? AGAIN : outcome === 'told';
  };
  return untilSettled(
    attempt,
    (attempts) => `The pepper's chain grew ${attempts} times while an event of it was being written.`,
    CHAIN_ATTEMPTS,
  );
}
