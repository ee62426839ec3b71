/** Telling events of a period again. Types only, as in `contract.ts`. */
import type { AuditEventsInput } from './audit-contract.ts';
import type { ActorClaim } from './contract.ts';

export type PublishEventsInput = Pick<AuditEventsInput, 'from' | 'to' | 'nextToken'>;

export interface PublishedEvents {
  /** Events that all were told of; who had them already drops them by their hash. */
  readonly told: number;
  readonly untold: number;
  /** Null: there are no more. */
  readonly nextToken: string | null;
}

export interface PublishAdminRequest {
  readonly action: 'publish-events';
  readonly input: PublishEventsInput;
  readonly actor?: ActorClaim;
}

/** What each action answers. */
export interface PublishAdminResults {
  readonly 'publish-events': PublishedEvents;
}
