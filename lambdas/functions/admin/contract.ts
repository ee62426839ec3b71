/**
 * The admin function's interface: what an operator's tool sends by `lambda:InvokeFunction` and gets back.
 * Types only, so that tools and infrastructure may import it without pulling in the function.
 */
import type { Delivery, Environment, KeyStatus, ReceivedBy, VersionStatus } from '../../../rules/words.ts';
import type { IdentityProof } from '../../core/domain/identity-proof.ts';
import type { AuditAdminRequest, AuditAdminResults } from './audit-contract.ts';
import type { AuditProofRequest, AuditProofResults } from './audit-proof-contract.ts';
import type { EmergencyAdminRequest, EmergencyAdminResults } from './emergency-contract.ts';
import type { MailAdminRequest, MailAdminResults, MailBlockView } from './mail-contract.ts';
import type { NoticesAdminRequest, NoticesAdminResults, NoticesSummary } from './notices-contract.ts';
import type { OwnerAdminRequest, OwnerAdminResults } from './owner-contract.ts';
import type { PepperAdminRequest, PepperAdminResults } from './pepper-contract.ts';
import type { PublishAdminRequest, PublishAdminResults } from './publish-contract.ts';
import type { RenewalAdminRequest, RenewalAdminResults } from './renewal-contract.ts';
import type { ReportAdminRequest, ReportAdminResults } from './report-contract.ts';
import type {
  RotationRequest,
  RotationStarted,
  RotationSummary,
  RotationsInput,
  RotationView,
} from './rotation-contract.ts';
import type { VaultAdminRequest, VaultAdminResults } from './vault-contract.ts';
import type { WebhookAdminRequest, WebhookAdminResults } from './webhook-contract.ts';

/** Who asks, as the tool knows it (the ARN that `sts:GetCallerIdentity` gave), and with what. */
export interface ActorClaim {
  readonly principal: string;
  readonly via: string;
  /** That it is who it says: with what changes something. Without it what is said goes on record as said. */
  readonly proof?: IdentityProof;
}

export interface IssueInput {
  readonly owner: string;
  readonly name: string;
  readonly environment: string;
  readonly scopes: readonly string[];
  /** Name of a policy; default `standard`. */
  readonly policy?: string;
  /** Default `operator`. */
  readonly delivery?: string;
  readonly purpose?: string;
  /** CIDR blocks or addresses from which alone the key may be used; empty or absent: from anywhere. */
  readonly allowedAddresses?: readonly string[];
  /** With delivery `vault`: where, below the mount. Default: `keyturn/<keyId>`. */
  readonly vaultPath?: string;
  /**
   * With delivery `secrets-manager`: ARNs of the roles and users of the account that alone may read the secret. Empty
   * or absent: the identity policies of the account decide.
   */
  readonly readers?: readonly string[];
  /** With delivery `renewal-key`: the client's public key as a JWK on P-256 or Ed25519. */
  readonly publicKey?: Readonly<Record<string, unknown>>;
}

export interface ListInput {
  readonly owner?: string;
  /** Default: all but `revoked`. */
  readonly status?: KeyStatus | 'all';
  /** 1 to 100, default 50. */
  readonly limit?: number;
  readonly nextToken?: string;
}

export type AdminRequest =
  | { readonly action: 'issue'; readonly input: IssueInput; readonly actor?: ActorClaim }
  | { readonly action: 'list'; readonly input: ListInput; readonly actor?: ActorClaim }
  | { readonly action: 'show'; readonly input: { readonly keyId: string }; readonly actor?: ActorClaim }
  /** Checks and starts an execution of the rotation machine; answers at once with a `RotationStarted`. */
  | {
      readonly action: 'rotate';
      readonly input: RotationRequest;
      readonly actor?: ActorClaim;
      /** Chosen by the tool, so that asking again after a lost answer starts nothing twice. Default: a new one. */
      readonly rotationId?: string;
    }
  /**
   * One rotation, running or ended. `null` while its execution has not begun it yet; `rotation-running`, `rotation-refused`
   * or `conflict` when the execution is over without having begun it.
   */
  | {
      readonly action: 'rotation';
      readonly input: { readonly keyId: string; readonly rotationId: string };
      readonly actor?: ActorClaim;
    }
  /** Of one key the latest first; of all keys running ones as they started, then others with the last to end first. */
  | { readonly action: 'rotations'; readonly input: RotationsInput; readonly actor?: ActorClaim }
  /** Takes the sealed new key, once. Only an `active` version can be claimed. */
  | { readonly action: 'claim'; readonly input: { readonly keyId: string }; readonly actor?: ActorClaim }
  /** Offers the version that waits once more, or by another way. */
  | { readonly action: 'deliver'; readonly input: DeliverInput; readonly actor?: ActorClaim }
  | StatusRequest<'disable'>
  | StatusRequest<'enable'>
  | StatusRequest<'revoke'>
  /** Back to the old version, from any point while it is not retired. */
  | StatusRequest<'rollback'>
  /** Passed over by the sweep for a time; `until` is an ISO 8601 UTC time or a duration from now, a year at most. */
  | {
      readonly action: 'exempt';
      readonly input: { readonly keyId: string; readonly reason: string; readonly until: string };
      readonly actor?: ActorClaim;
    }
  | StatusRequest<'unexempt'>
  /** Starts the rotations that are due, for some seconds at most. */
  | { readonly action: 'sweep'; readonly input: EmptyInput; readonly actor?: ActorClaim }
  /** What a sweep would do, of 100 keys at most. */
  | { readonly action: 'preview-sweep'; readonly input: EmptyInput; readonly actor?: ActorClaim }
  | AuditAdminRequest
  | PublishAdminRequest
  | AuditProofRequest
  | EmergencyAdminRequest
  | OwnerAdminRequest
  | MailAdminRequest
  | NoticesAdminRequest
  | PepperAdminRequest
  | RenewalAdminRequest
  | ReportAdminRequest
  | VaultAdminRequest
  | WebhookAdminRequest;

export interface DeliverInput {
  readonly keyId: string;
  /** Of this version alone: the key's own delivery stays. Default: that. */
  readonly by?: string;
}

export type EmptyInput = Readonly<Record<string, never>>;

export interface StatusRequest<Action> {
  readonly action: Action;
  readonly input: { readonly keyId: string; readonly reason: string };
  readonly actor?: ActorClaim;
}

/** ISO 8601 UTC, e.g. `2026-11-23T14:00:00.000Z`. */
export type Timestamp = string;

/** What is so of a key from the beginning. */
interface KeyFacts {
  readonly keyId: string;
  readonly owner: string;
  readonly name: string;
  readonly environment: Environment;
  readonly scopes: readonly string[];
  readonly policy: string;
  readonly delivery: Delivery;
  readonly createdAt: Timestamp;
}

export interface IssuedKey extends KeyFacts {
  readonly version: number;
  /** Where its client reads the key: a secret's ARN, a path in the vault. */
  readonly place?: string;
  /** The key itself; with delivery `operator` only, here and never again. */
  readonly key?: string;
  /** With delivery `claim-link` where no mail is sent: the link, here and never again. */
  readonly link?: string;
  /** With delivery `renewal-key`: RFC 7638's thumbprint of the public key, to be compared with its owner's. */
  readonly thumbprint?: string;
  /** Why the delivery failed; the key stands, and `deliver` tries again. */
  readonly deliveryFailure?: string;
}

export interface KeySummary extends KeyFacts {
  readonly status: KeyStatus;
  /** When the next scheduled rotation is due. */
  readonly dueAt: Timestamp;
  /** Until when the sweep passes the key over; null when it does not. */
  readonly exemptUntil: Timestamp | null;
  /** The version that is active, null before the first. */
  readonly activeVersion: number | null;
  readonly rotating: boolean;
}

export interface VersionView {
  readonly version: number;
  readonly status: VersionStatus;
  readonly createdAt: Timestamp;
  /** While deprecating: when it is announced to end. */
  readonly expiresAt: Timestamp | null;
  readonly lastUsedAt: Timestamp | null;
  /** Authorized requests on record. */
  readonly requests: number;
  readonly delivery: DeliveryView;
}

/** Whether a version has reached its owner. */
export interface DeliveryView {
  /** The way it was last offered; null when it was not. */
  readonly by: Delivery | null;
  readonly offeredAt: Timestamp | null;
  /** Until when the claim link works that is out; null when none is. */
  readonly linkExpiresAt: Timestamp | null;
  /** Why the last offer came to nothing. */
  readonly failure: string | null;
  /** Taken, placed where its client reads it, or used for the first time. */
  readonly receivedAt: Timestamp | null;
  readonly receivedBy: ReceivedBy | 'first-use' | null;
  /** When whoever has its claim link reported that somebody else took it. */
  readonly disputedAt: Timestamp | null;
}

export interface DeliveredVersion extends DeliveryView {
  readonly keyId: string;
  readonly version: number;
  /** A claim link where no mail is sent: here and never again. */
  readonly link?: string;
}

export interface KeyView extends Omit<KeySummary, 'activeVersion' | 'rotating'> {
  /** Who is told of it by mail beside its owner. */
  readonly recipients: readonly string[];
  readonly allowedAddresses: readonly string[];
  readonly purpose: string | null;
  /** Where its client reads the key: a secret's ARN, or its name before there is one; a path in the vault. */
  readonly place: string | null;
  readonly versions: readonly VersionView[];
  readonly rotation: RotationView | null;
  /** True while a sealed new key waits for `claim`. */
  readonly claimable: boolean;
  /** Until when the sealed key of the active version waits for its owner; null when none does. */
  readonly waitsUntil: Timestamp | null;
  /** True when the active version never reached its owner and its sealed key is gone: nobody can get it any more. */
  readonly lost: boolean;
  /** Addresses of the key that mail does not reach, or whose readers do not want it. */
  readonly mail: readonly MailBlockView[];
  /** Who was told of it, in short. */
  readonly notices: NoticesSummary;
}

/** Counts of keys. */
export interface SweepView {
  readonly due: number;
  readonly started: number;
  readonly exempt: number;
  /** Disabled, revoked or rotating already. */
  readonly skipped: number;
  readonly failed: number;
  /** Due for more than 25 hours and not exempt. */
  readonly overdue: number;
  /** Not got to in the time there was; the next sweep goes on. */
  readonly left: number;
}

export interface SweepPreview {
  /** The longest due first. */
  readonly keys: readonly {
    readonly keyId: string;
    readonly owner: string;
    readonly dueAt: Timestamp;
    readonly verdict: 'start' | 'exempt' | 'disabled' | 'revoked' | 'rotating';
    readonly exemptUntil: Timestamp | null;
  }[];
  /** Due keys beyond these. */
  readonly more: number;
}

export interface ClaimedKey {
  readonly keyId: string;
  readonly version: number;
  readonly key: string;
}

export type AdminErrorCode =
  | 'bad-request'
  | 'unknown-key'
  | 'unknown-run'
  | 'unknown-notice'
  | 'rotation-running'
  | 'rotation-refused'
  | 'key-disabled'
  | 'key-revoked'
  | 'nothing-to-claim'
  | 'nothing-to-deliver'
  | 'not-delivered'
  | 'nothing-to-roll-back'
  | 'nothing-proposed'
  | 'nothing-registered'
  | 'other-thumbprint'
  | 'forbidden-by-policy'
  | 'seal-broken'
  | 'not-blocked'
  | 'not-configured'
  | 'vault-trouble'
  | 'place-unready'
  | 'pepper-fault'
  | 'nothing-to-restore'
  | 'unknown-webhook'
  | 'webhook-removed'
  | 'address-refused'
  | 'conflict'
  | 'internal';

export interface AdminError {
  readonly code: AdminErrorCode;
  /** What was wrong, with the value. */
  readonly message: string;
  /** The mend. */
  readonly hint: string;
  /** With `rotation-running`: the running one. */
  readonly rotation?: RotationView;
}

export type AdminResponse<Result = unknown> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly error: AdminError };

/** What each action answers. */
export interface AdminResults
  extends AuditAdminResults,
    PublishAdminResults,
    AuditProofResults,
    EmergencyAdminResults,
    OwnerAdminResults,
    MailAdminResults,
    NoticesAdminResults,
    PepperAdminResults,
    RenewalAdminResults,
    ReportAdminResults,
    VaultAdminResults,
    WebhookAdminResults {
  readonly issue: IssuedKey;
  readonly list: { readonly keys: readonly KeySummary[]; readonly nextToken: string | null };
  readonly show: KeyView;
  readonly rotate: RotationStarted;
  readonly rotation: RotationView | null;
  readonly rotations: {
    readonly rotations: readonly RotationSummary[];
    readonly nextToken: string | null;
  };
  readonly claim: ClaimedKey;
  readonly deliver: DeliveredVersion;
  readonly disable: KeyView;
  readonly enable: KeyView;
  readonly revoke: KeyView;
  readonly rollback: KeyView;
  readonly exempt: KeyView;
  readonly unexempt: KeyView;
  readonly sweep: SweepView;
  readonly 'preview-sweep': SweepPreview;
}
