/** What an emergency on the command line is about: exactly one thing. */
import type { ManyKeys } from '../../lambdas/functions/admin/emergency-contract.ts';
import { badUsage } from '../exit.ts';

export interface EmergencyOptions {
  readonly owner?: string;
  readonly all: boolean;
  readonly reason?: string;
  readonly immediate: boolean;
  readonly grace?: string;
  readonly preview: boolean;
  readonly confirm?: string;
  readonly watch: boolean;
  readonly resume?: string;
  /** `true`: without an id. */
  readonly run?: string | true;
}

export type Target =
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'owner'; readonly owner: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'resume'; readonly runId: string }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'runs' };

export type ManyTarget = Extract<Target, { readonly kind: 'owner' | 'all' }>;

/** As the admin function takes them. */
export const manyKeys = (target: ManyTarget): ManyKeys =>
  target.kind === 'owner' ? { owner: target.owner } : { all: true };

/** Options that change nothing beside these targets: whoever gives them expects what would not happen. */
const MEANINGLESS: Readonly<Record<Target['kind'], readonly (keyof EmergencyOptions)[]>> = {
  key: ['confirm'],
  owner: ['watch'],
  all: ['watch'],
  resume: ['reason', 'immediate', 'grace', 'preview', 'confirm', 'watch'],
  run: ['reason', 'immediate', 'grace', 'preview', 'confirm', 'watch'],
  runs: ['reason', 'immediate', 'grace', 'preview', 'confirm', 'watch'],
};

/** @throws CliError bad usage when it is none, several, or mixed with what does not go with it */
export function targetOf(keyId: string | undefined, options: EmergencyOptions): Target {
  const targets = targetsOf(keyId, options);
  const [target] = targets;
  const mend =
    "Give one of: a keyId, --owner, --all, --resume, --run. 'keyturn emergency --help' explains them.";
  if (!target) throw badUsage('Which key or keys? No keyId, --owner or --all is given.', mend);
  if (targets.length > 1) {
    throw badUsage(`Only one of ${targets.map(({ kind }) => NAMES[kind]).join(' and ')} can be meant.`, mend);
  }
  const extra = MEANINGLESS[target.kind].find(
    (name) => options[name] !== undefined && options[name] !== false,
  );
  if (extra)
    throw badUsage(`The option --${extra} means nothing with ${NAMES[target.kind]}.`, 'Leave it out.');
  return target;
}

const NAMES: Readonly<Record<Target['kind'], string>> = {
  key: 'a keyId',
  owner: '--owner',
  all: '--all',
  resume: '--resume',
  run: '--run',
  runs: '--run',
};

function targetsOf(keyId: string | undefined, { owner, all, resume, run }: EmergencyOptions): Target[] {
  const targets: Target[] = [];
  if (keyId !== undefined) targets.push({ kind: 'key', keyId });
  if (owner !== undefined) targets.push({ kind: 'owner', owner });
  if (all) targets.push({ kind: 'all' });
  if (resume !== undefined) targets.push({ kind: 'resume', runId: resume });
  if (run !== undefined) targets.push(run === true ? { kind: 'runs' } : { kind: 'run', runId: run });
  return targets;
}
