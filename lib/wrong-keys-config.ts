/** How requests with wrong keys are counted, and when there are too many. */
import { parseDurationSeconds } from '../rules/duration.ts';
import { InvalidConfiguration, refuseUnknownSettings, valid } from './invalid-configuration.ts';

export interface WrongKeysConfig {
  /** ISO 8601 duration, PT1M to PT1H: one event for each key or source address in it. Default: `PT5M`. */
  readonly window?: string;
  /** From how many in five minutes on the alarm goes off. Default: 1000. */
  readonly surge?: number;
}

export interface ResolvedWrongKeys {
  readonly windowSeconds: number;
  readonly surge: number;
}

/**
 * A key has 256 secret bits: no number of tries is dangerous, and a client that goes on with an ended key once a second
 * makes three hundred. More than three a second, for five minutes, is somebody who tries keys out, or many clients that
 * an owner has forgotten.
 */
const SURGE = 1000;

export function resolveWrongKeys(config: WrongKeysConfig): ResolvedWrongKeys {
  refuseUnknownSettings('wrongKeys', config, ['window', 'surge']);
  const { window = 'PT5M', surge = SURGE } = config;
  const windowSeconds = valid(parseDurationSeconds(window, 'wrongKeys.window'));
  if (windowSeconds < 60 || windowSeconds > 3600) {
    throw new InvalidConfiguration(`wrongKeys.window '${window}' is out of range.`, 'Give PT1M to PT1H.');
  }
  if (!Number.isInteger(surge) || surge < 1) {
    throw new InvalidConfiguration(
      `wrongKeys.surge '${surge}' is no count.`,
      'Give a whole number from 1 on.',
    );
  }
  return { windowSeconds, surge };
}
