/** What operators' tools ask about the mail that goes to owners. Types only. */
import type { ActorClaim, EmptyInput, Timestamp } from './contract.ts';

export type MailAdminRequest =
  /** Whether the deployment may send, and to whom. */
  | { readonly action: 'mail-status'; readonly input: EmptyInput; readonly actor?: ActorClaim }
  /** An address that mail came back from is sent everything again. */
  | { readonly action: 'unblock-mail'; readonly input: UnblockInput; readonly actor?: ActorClaim };

export interface UnblockInput {
  readonly address: string;
  readonly reason: string;
}

export interface MailStatusView {
  readonly from: string;
  readonly configurationSet: string;
  /** The identity of Amazon SES that lets the address send; null: none is verified. */
  readonly verifiedBy: string | null;
  /** Only verified addresses are sent to. */
  readonly sandbox: boolean;
  readonly sendingEnabled: boolean;
  readonly hasConfigurationSet: boolean;
  /** Mails in 24 hours; null: no limit. */
  readonly dailyQuota: number | null;
  readonly sentToday: number;
}

/** An address of a key that mail does not reach, or whose reader does not want it. */
export interface MailBlockView {
  readonly address: string;
  readonly state: 'bounced' | 'complained';
  readonly since: Timestamp;
  readonly why: string;
  /** When it is tried again by itself; null: not before an operator lifts it. */
  readonly until: Timestamp | null;
}

export interface MailAdminResults {
  /** Null where no mail is sent. */
  readonly 'mail-status': MailStatusView | null;
  readonly 'unblock-mail': { readonly address: string };
}
