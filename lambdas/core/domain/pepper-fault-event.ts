/** Troubles with the pepper as events: that there is one, and how often it was met. */
import { PEPPER_FAULT_WINDOW_SECONDS } from '../../../rules/pepper-fault-timing.ts';
import type { AuditEntry } from './audit-event.ts';
import { iso } from './iso-time.ts';
import { type PepperFaultCount, timesMet } from './pepper-fault.ts';
import { WATCH } from './wrong-key-event.ts';

/** `pepper.fault` has what was counted until then, `pepper.fault-counted` all of the window. */
export const pepperFaultEntry = (
  action: 'pepper.fault' | 'pepper.fault-counted',
  fault: PepperFaultCount,
  atMs: number,
): AuditEntry => ({
  action,
  actor: WATCH,
  atMs,
  detail: {
    fault: fault.trouble,
    ...(fault.pepperVersion === undefined ? {} : { pepperVersion: fault.pepperVersion }),
    metBy: Object.entries(fault.metBy)
      .map(([user, times]) => `${user}: ${times}`)
      .sort(),
    times: timesMet(fault),
    firstAt: iso(fault.firstAtMs),
    lastAt: iso(fault.lastAtMs),
    windowFrom: iso(fault.windowMs),
    windowTo: iso(fault.windowMs + PEPPER_FAULT_WINDOW_SECONDS * 1000),
  },
});
