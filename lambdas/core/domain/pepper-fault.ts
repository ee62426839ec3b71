/** Troubles with the pepper as they are counted: what it is, of which pepper, and who met it. */
import { PEPPER_FAULT_WINDOW_SECONDS } from '../../../rules/pepper-fault-timing.ts';
import { windowStartMs } from '../../../rules/wrong-key-timing.ts';
import { PepperFault } from './errors.ts';

export const PEPPER_TROUBLES = ['missing', 'damaged', 'unreadable'] as const;
export type PepperTrouble = (typeof PEPPER_TROUBLES)[number];

/** The functions that need peppers. */
export const PEPPER_USERS = ['authorizer', 'admin', 'rotation', 'secret-rotation', 'pepper'] as const;
export type PepperUser = (typeof PEPPER_USERS)[number];

/** One trouble with one pepper, or with the secret that holds them all. */
export interface PepperFaultKind {
  readonly trouble: PepperTrouble;
  /** The name that keys carry, never what lies in the secret. */
  readonly pepperVersion?: string;
}

/** One fault in one window. */
export interface PepperFaultCount extends PepperFaultKind {
  /** Start of the window in which it was met. */
  readonly windowMs: number;
  /** How often each has met it. */
  readonly metBy: Readonly<Partial<Record<PepperUser, number>>>;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Two faults of one name are the same one. */
export const faultName = ({ trouble, pepperVersion }: PepperFaultKind): string =>
  pepperVersion === undefined ? trouble : `${trouble}#${pepperVersion}`;

/** The fault of a name that `faultName` made. */
export function faultNamed(name: string): PepperFaultKind | undefined {
  const [word = '', ...version] = name.split('#');
  const trouble = PEPPER_TROUBLES.find((each) => each === word);
  if (!trouble) return undefined;
  return version.length === 0 ? { trouble } : { trouble, pepperVersion: version.join('#') };
}

/** The faults that an error tells of, as met once; none for an error of another kind. */
export function faultsIn(error: unknown, metBy: PepperUser, atMs: number): readonly PepperFaultCount[] {
  if (!(error instanceof PepperFault)) return [];
  const { trouble, pepperVersions } = error;
  const kinds = pepperVersions.map((pepperVersion): PepperFaultKind => ({ trouble, pepperVersion }));
  return (kinds.length > 0 ? kinds : [{ trouble }]).map((kind) => ({
    ...kind,
    windowMs: windowStartMs(atMs, PEPPER_FAULT_WINDOW_SECONDS),
    metBy: { [metBy]: 1 },
    firstAtMs: atMs,
    lastAtMs: atMs,
  }));
}

/** Of one fault and window: both together. */
export function mergeFaults(left: PepperFaultCount, right: PepperFaultCount): PepperFaultCount {
  const metBy: Partial<Record<PepperUser, number>> = { ...left.metBy };
  for (const [user, times] of Object.entries(right.metBy) as [PepperUser, number][]) {
    metBy[user] = (metBy[user] ?? 0) + times;
  }
  return {
    ...left,
    metBy,
    firstAtMs: Math.min(left.firstAtMs, right.firstAtMs),
    lastAtMs: Math.max(left.lastAtMs, right.lastAtMs),
  };
}

/** How often it was met in all. */
export const timesMet = ({ metBy }: Pick<PepperFaultCount, 'metBy'>): number =>
  Object.values(metBy).reduce((sum, times) => sum + times, 0);
