/** The schedule by which Secrets Manager rotates a secret, made from how often its key's policy wants it. */
import type { RotationRulesType } from '@aws-sdk/client-secrets-manager';
import { DAY_SECONDS, HOUR_SECONDS } from '../../../rules/time-units.ts';

/** Secrets Manager rotates no more often, and plans no further ahead. */
const SHORTEST_SECONDS = 4 * HOUR_SECONDS;
const LONGEST_DAYS = 1_000;

/** @returns undefined where Secrets Manager cannot: such a key is rotated by the sweep alone */
export function rotationRules(rotateEverySeconds: number): RotationRulesType | undefined {
  if (rotateEverySeconds < SHORTEST_SECONDS || rotateEverySeconds > LONGEST_DAYS * DAY_SECONDS)
    return undefined;
  if (rotateEverySeconds % DAY_SECONDS === 0) {
    return { AutomaticallyAfterDays: rotateEverySeconds / DAY_SECONDS };
  }
  return { ScheduleExpression: `rate(${Math.ceil(rotateEverySeconds / HOUR_SECONDS)} hours)` };
}

/** As Secrets Manager tells them; beside an expression it also tells the days that follow from it. */
export const sameRules = (wanted: RotationRulesType, found: RotationRulesType): boolean =>
  wanted.ScheduleExpression === found.ScheduleExpression &&
  (wanted.ScheduleExpression !== undefined || wanted.AutomaticallyAfterDays === found.AutomaticallyAfterDays);
