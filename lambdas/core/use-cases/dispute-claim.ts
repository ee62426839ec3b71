/** A visitor with the right link reports that it was not them who took the key: somebody else has it. */
import { iso } from '../domain/iso-time.ts';
import { versionOf } from '../domain/key-record.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import type { SecurityAlarm } from '../ports/security-alarm.ts';
import { changeKey, type Decision } from './change-key.ts';
import { type RefuseDeps, type RefusedLink, refuseLink } from './refuse-link.ts';
import { type LinkRequest, takenOf } from './take-by-link.ts';
import { versionOfLink } from './version-of-link.ts';

export interface DisputeDeps extends RefuseDeps {
  readonly alarm: SecurityAlarm;
}

export type DisputeOutcome =
  | {
      readonly outcome: 'disputed';
      readonly version: number;
      readonly takenAtMs: number;
      readonly disputedAtMs: number;
      /** It had been reported before: nothing was changed, and nobody is alarmed again. */
      readonly again: boolean;
    }
  /** Nobody has taken it: there is nothing to report. */
  | { readonly outcome: 'not-taken'; readonly version: number }
  | RefusedLink;

/** On record and an alarm once for each claim, however often it is reported. */
export async function disputeClaim(deps: DisputeDeps, request: LinkRequest): Promise<DisputeOutcome> {
  const outcome = await record(deps, request);
  if (outcome === 'wrong-link') return refuseLink(deps, await deps.store.find(request.keyId), request);
  if (outcome.outcome === 'disputed' && !outcome.again) {
    deps.alarm.claimDisputed({ keyId: request.keyId, version: outcome.version });
  }
  return outcome;
}

const record = (
  { store, clock }: DisputeDeps,
  { keyId, token, actor, origin }: LinkRequest,
): Promise<Exclude<DisputeOutcome, RefusedLink> | 'wrong-link'> =>
  changeKey(store, keyId, (record): Decision<Exclude<DisputeOutcome, RefusedLink> | 'wrong-link'> => {
    const number = versionOfLink(record, token)?.version;
    const version = record && versionOf(record, number);
    if (!record || !version) return { result: 'wrong-link' };
    const taken = takenOf(version);
    if (!taken) return { result: { outcome: 'not-taken', version: version.version } };
    const { takenAtMs, disputedAtMs = clock() } = taken;
    const again = taken.disputedAtMs !== undefined;
    const result = { outcome: 'disputed', version: version.version, takenAtMs, disputedAtMs, again } as const;
    if (again) return { result };
    return {
      result,
      change: {
        after: {
          ...record,
          versions: replaceVersion(record, { ...version, claimDisputedAtMs: disputedAtMs }),
        },
        entry: {
          action: 'security.claim-disputed',
          actor,
          ...(origin ? { origin } : {}),
          atMs: disputedAtMs,
          detail: { version: version.version, takenAt: iso(takenAtMs) },
        },
      },
    };
  });
