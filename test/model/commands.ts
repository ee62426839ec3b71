/** What may happen in a story of the model: plain data, to be generated, shrunk and told. */
import type { PolicyConfig } from '../../rules/policy.ts';

/** The orders that start a rotation. */
export const ORDERS = {
  scheduled: { purpose: 'scheduled' },
  manual: { purpose: 'manual' },
  'manual, an hour': { purpose: 'manual', gracePeriod: 'PT1H' },
  emergency: { purpose: 'emergency', reason: 'leaked' },
  'emergency, a minute': { purpose: 'emergency', reason: 'leaked', gracePeriod: 'PT1M' },
  'emergency at once': { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true },
} as const satisfies Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export type OrderName = keyof typeof ORDERS;

/**
 * The policies of a deployment, and of another one later. Beside the built-in ones: one that comes to its limit soon and
 * retires, one that comes to it and holds, one that retires early and lets nothing be taken back.
 */
export const DEPLOYMENTS: readonly Readonly<Record<string, PolicyConfig>>[] = [
  {
    strict: {
      rotateEvery: 'P30D',
      gracePeriod: 'PT1H',
      emergencyGracePeriod: 'PT10M',
      migrationThresholdPercent: 60,
      extension: 'PT30M',
      maxExtensions: 1,
      afterMaxExtensions: 'retire',
      reminders: ['PT20M', 'PT10M'],
    },
    patient: { maxExtensions: 1, afterMaxExtensions: 'hold' },
    eager: { gracePeriod: 'PT8H', reminders: ['PT1H'], earlyRetirement: 'PT2H', rollback: false },
  },
  {
    strict: { rotateEvery: 'P7D', gracePeriod: 'PT2H', extension: 'PT1H', maxExtensions: 0 },
    patient: { gracePeriod: 'PT24H', earlyRetirement: 'PT30M', reminders: [], maxExtensions: 2 },
    eager: { gracePeriod: 'PT1H', migrationThresholdPercent: 50, afterMaxExtensions: 'retire' },
  },
];
/** How keys are delivered; a vault stands for every place. */
export const DELIVERIES = ['operator', 'claim-link', 'vault', 'renewal-key'] as const;
export type DeliveryName = (typeof DELIVERIES)[number];

export const POLICIES = ['drill', 'strict', 'patient', 'eager'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** A process ends, or a call of it fails, before or after one of its writes has taken effect. */
export interface Crash {
  /** 0 for the first write that the process makes. */
  readonly write: number;
  readonly when: 'before' | 'after';
  readonly how: 'dies' | 'fails';
}

interface OnKey<Do> {
  readonly do: Do;
  readonly key: number;
}

/** Keys, executions and environments are named by number: of those that there are then, modulo how many. */
export type Command = { readonly crash?: Crash | undefined } & (
  | { readonly do: 'issue'; readonly policy: PolicyName; readonly delivery: DeliveryName }
  | { readonly do: 'rotate'; readonly key: number; readonly order: OrderName }
  | { readonly do: 'start again'; readonly execution: number }
  /** The next step of an execution that runs; where its last try failed, that one again. */
  | { readonly do: 'step'; readonly execution: number }
  /** A step that came before is delivered once more, however late. */
  | { readonly do: 'repeat'; readonly execution: number; readonly which: number }
  /** The retries of the step are used up. */
  | { readonly do: 'give up'; readonly execution: number }
  /** The execution is aborted by hand or out of time; nothing of it runs any more. */
  | { readonly do: 'abort'; readonly execution: number }
  | { readonly do: 'forget'; readonly execution: number }
  | { readonly do: 'sweep' }
  /** Of every key of their owner. */
  | { readonly do: 'emergency of all'; readonly atOnce: boolean }
  | { readonly do: 'run step'; readonly run: number }
  | { readonly do: 'repeat run step'; readonly run: number; readonly which: number }
  | { readonly do: 'resume run'; readonly run: number }
  | { readonly do: 'abort run'; readonly run: number }
  /** Or only dropping what nothing needs any more. */
  | { readonly do: 'rotate pepper'; readonly cleansUp: boolean }
  | { readonly do: 'pepper step'; readonly run: number }
  | { readonly do: 'repeat pepper step'; readonly run: number; readonly which: number }
  | { readonly do: 'abort pepper'; readonly run: number }
  /** With one of the versions that their owner has, the newest first. */
  | { readonly do: 'use'; readonly key: number; readonly version: number; readonly environment: number }
  | { readonly do: 'end environment'; readonly environment: number; readonly flushes: boolean }
  | OnKey<'claim'>
  /** Once more by the key's delivery, or this once by another one. */
  | { readonly do: 'deliver'; readonly key: number; readonly by?: DeliveryName | undefined }
  /** With one of the links there are, the newest first, or with one that nobody has made. */
  | { readonly do: 'open link'; readonly key: number; readonly link: number }
  | OnKey<'renew'>
  /** Whether the place of keys can be written, and mails be sent. */
  | { readonly do: 'place'; readonly isOut: boolean }
  | OnKey<'rollback'>
  | OnKey<'disable'>
  | OnKey<'enable'>
  | OnKey<'revoke'>
  | OnKey<'exempt'>
  | OnKey<'end exemption'>
  /** Other policies are deployed: rotations that run keep theirs. */
  | { readonly do: 'deploy'; readonly policies: number }
  /** Whether the deployed authorizers know new keys. */
  | { readonly do: 'doubt'; readonly objects: boolean }
  | { readonly do: 'wait'; readonly seconds: number }
  /** Until the execution that waits the shortest goes on. */
  | { readonly do: 'wait for machine' }
  /** Until a key is due for its scheduled rotation. */
  | OnKey<'wait for due date'>
);

export type CommandTo<Do extends Command['do']> = Extract<Command, { readonly do: Do }>;

/** One command, or several at the same time: `turns` says whose next call comes first. */
export type Round = Command | { readonly together: readonly Command[]; readonly turns: readonly number[] };

/** How long authorizers answer from memory, how long their counts wait, and how long API Gateway keeps their answers. */
export interface Settings {
  readonly memorySeconds: number;
  readonly flushSeconds: number;
  /** Not 0 only where authorizers remember nothing. */
  readonly cacheSeconds: number;
  /** How far reads of the pepper secret lag behind its writes. */
  readonly secretLagSeconds: number;
}

export interface Scenario {
  readonly settings: Settings;
  readonly policy: PolicyName;
  /** Of the first key. */
  readonly delivery: DeliveryName;
  readonly rounds: readonly Round[];
}
