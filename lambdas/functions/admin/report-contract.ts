/** What a report asks of the keys, and what it is told. Types only, as in `contract.ts`. */
import type { ReportKey } from '../../core/domain/report/report-key.ts';
import type { ActorClaim } from './contract.ts';

export interface ReportKeysInput {
  readonly nextToken?: string;
  /** These alone, 100 at most; those that are not there are left out. */
  readonly keyIds?: readonly string[];
}

export interface ReportKeysPage {
  /** In any status; fewer than fit, even none, may come before the last page. */
  readonly keys: readonly ReportKey[];
  /** Null: there are no more. */
  readonly nextToken: string | null;
  /** How often each deployed policy wants a new version. */
  readonly policies: readonly { readonly name: string; readonly rotateEverySeconds: number }[];
  readonly revocationBoundMs: number;
}

export interface ReportAdminRequest {
  readonly action: 'report-keys';
  readonly input: ReportKeysInput;
  readonly actor?: ActorClaim;
}

/** What each action answers. */
export interface ReportAdminResults {
  readonly 'report-keys': ReportKeysPage;
}
