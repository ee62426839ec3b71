/** On the way to the announced end: reminds, or looks whether the old version may retire early. One thing at a time. */
import { CLOCK_TOLERANCE_MS, dueReminder, reminded, withEarlyLook } from '../domain/checkpoints.ts';
import { iso } from '../domain/iso-time.ts';
import { mayRetireEarly } from '../domain/judge-migration.ts';
import type { EarlyLook, KeyRecord, Reminder, Rotation, Verdict } from '../domain/key-record.ts';
import { judged } from '../domain/rotation-steps.ts';
import type { StepDecision } from './change-running.ts';
import { factsOf, stragglersIn, windowBaseAt, windowStartMs, windowUse } from './migration-facts.ts';
import { type RotationDeps, waiting } from './rotation-deps.ts';
import { verdictDecision } from './verdict-decision.ts';

/** Comes too early, it changes nothing. A look that retires makes the reminder needless, so it comes first. */
export async function passCheckpoint(
  deps: RotationDeps,
  record: KeyRecord,
  rotation: Rotation,
  nowMs: number,
): Promise<StepDecision> {
  const { earlyLook } = rotation;
  if (earlyLook && nowMs >= earlyLook.atMs - CLOCK_TOLERANCE_MS) {
    return lookEarly(deps, record, rotation, earlyLook, nowMs);
  }
  const reminder = dueReminder(rotation, nowMs);
  return reminder ? remind(deps, record, rotation, reminder, nowMs) : { result: waiting(record) };
}

/** A disabled key is refused whatever its version: that the old one was not used then is no evidence. */
async function lookEarly(
  deps: RotationDeps,
  record: KeyRecord,
  rotation: Rotation,
  look: EarlyLook,
  nowMs: number,
): Promise<StepDecision> {
  const { keyId } = record;
  // Read before this look's window: a use between the two reads counts in both, never in none.
  const windowBase = await windowBaseAt(deps.uses, keyId, rotation, nowMs);
  const totals = await deps.uses.totals(keyId, look.windowBase.sinceMs);
  const window = windowUse(totals, { ...rotation, windowBase: look.windowBase });
  const next = { nowMs, endsAtMs: rotation.gracePeriodEndsAtMs as number, windowBase };
  if (record.status === 'enabled' && mayRetireEarly(factsOf(record, rotation, window, look.fromMs))) {
    const verdict: Verdict = { evidence: 'migrated', decision: 'retire', ...window, judgedAtMs: nowMs };
    return verdictDecision(judged(record, rotation, verdict, next), verdict, { early: true });
  }
  const after = { ...record, rotation: withEarlyLook(rotation, next) };
  return {
    result: waiting(after),
    change: { after, entry: { action: 'rotation.looked', atMs: nowMs, detail: { ...window } } },
  };
}

async function remind(
  deps: RotationDeps,
  record: KeyRecord,
  rotation: Rotation,
  reminder: Reminder,
  nowMs: number,
): Promise<StepDecision> {
  const totals = await deps.uses.totals(record.keyId, rotation.windowBase.sinceMs);
  const after = { ...record, rotation: reminded(rotation, reminder, nowMs) };
  return {
    result: waiting(after),
    change: {
      after,
      told: { stragglers: stragglersIn(totals, rotation, windowStartMs(record, rotation)) },
      entry: {
        action: 'rotation.reminded',
        atMs: nowMs,
        detail: {
          beforeSeconds: reminder.beforeSeconds,
          endsAt: iso(rotation.gracePeriodEndsAtMs as number),
          ...windowUse(totals, rotation),
        },
      },
    },
  };
}
