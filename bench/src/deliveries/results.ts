/** What one run of the deliveries' benchmark gave: stored, so that the page can be written anew from it. */
import type { Counts } from '../cost/counts.ts';
import type { Machine } from '../machine.ts';

/** The first one is what the others are compared with. */
export const MEASURED = ['operator', 'claim-link', 'secrets-manager', 'vault', 'renewal-key'] as const;
export type MeasuredDelivery = (typeof MEASURED)[number];

export interface DeliveryResult {
  /** From the start of a rotation to its wait for clients, of rounds in which the deliveries took turns. */
  readonly milliseconds: readonly number[];
  /** Of the last round. */
  readonly counts: Counts;
  /** Requests to the vault by method and kind of path. */
  readonly vault: Readonly<Record<string, number>>;
}

export interface DeliveriesResults {
  readonly date: string;
  readonly machine: Machine;
  readonly emulator: string;
  readonly vault: string;
  readonly deliveries: Readonly<Record<MeasuredDelivery, DeliveryResult>>;
}
