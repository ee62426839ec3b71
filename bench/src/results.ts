/** Everything that one run measured. */
import type { BetterAuthStore } from './better-auth.ts';
import type { Bundles } from './bundles.ts';
import type { Machine } from './machine.ts';
import type { Round } from './measure/round.ts';
import type { MeasuredStart } from './measure/start.ts';

export type Rounds<Name extends string> = Readonly<Record<Name, readonly Round[]>>;
export type Starts<Name extends string> = Readonly<Record<Name, readonly MeasuredStart[]>>;

export type WithRead = Rounds<'floor' | 'authorizer' | 'plain'>;
export type FromStart = Starts<'empty' | 'authorizer' | 'plain' | 'plain-with-secret'>;
export type FromMemory = Rounds<'verify' | 'authorizer'> & Partial<Rounds<BetterAuthStore>>;

export interface Results {
  readonly date: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly localCloud: WithRead;
  readonly steadyStore: WithRead;
  readonly storeAtOnce: WithRead;
  readonly startOnLocalCloud: FromStart;
  readonly startAtOnce: FromStart;
  readonly fromMemory: FromMemory;
  readonly bundles: Bundles;
}
