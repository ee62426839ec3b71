/** How long digests of the audit cannot be deleted, and by whom not. */
import { parseDurationSeconds } from '../rules/duration.ts';
import { DAY_SECONDS } from '../rules/time-units.ts';
import { InvalidConfiguration, refuseUnknownSettings, valid } from './invalid-configuration.ts';

export interface AuditConfig {
  /**
   * ISO 8601 duration in whole days, P1D to P36500D, for which S3 keeps each digest from being deleted or written over.
   * Default: `P400D`.
   */
  readonly retention?: string;
  /**
   * `compliance`: nobody can shorten it, the account's root neither; `governance`: who holds
   * `s3:BypassGovernanceRetention` can. Default: `compliance`; of a deployment whose data goes with its stack `governance`.
   */
  readonly mode?: 'compliance' | 'governance';
}

export interface ResolvedAudit {
  readonly retentionDays: number;
  readonly mode: 'compliance' | 'governance';
}

/** A year that is under audit, and five weeks to come for it. */
const RETENTION = 'P400D';
/** A hundred years: S3 takes no longer. */
const LONGEST_DAYS = 36_500;

/** @param keepsData whether the deployment's data stays when its stack goes */
export function resolveAudit(config: AuditConfig, keepsData: boolean): ResolvedAudit {
  refuseUnknownSettings('audit', config, ['retention', 'mode']);
  const { retention = RETENTION, mode = keepsData ? 'compliance' : 'governance' } = config;
  if (mode !== 'compliance' && mode !== 'governance') {
    throw new InvalidConfiguration(
      `audit.mode '${String(mode)}' is not known.`,
      'Choose compliance or governance.',
    );
  }
  const retentionDays = valid(parseDurationSeconds(retention, 'audit.retention')) / DAY_SECONDS;
  if (Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= LONGEST_DAYS)
    return { retentionDays, mode };
  throw new InvalidConfiguration(
    `audit.retention '${retention}' is not a number of days that is taken.`,
    `Give P1D to P${LONGEST_DAYS}D in whole days.`,
  );
}
