/** Rotates a secret as Secrets Manager does: the four steps in order, the same token on each try, labels as it moves them. */

export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type Step = (typeof STEPS)[number];

export interface DrivenVersion {
  readonly id: string;
  readonly stages: readonly string[];
}

/** The secret, and the function that rotates it. */
export interface DrivenSecret {
  readonly rotationEnabled: () => Promise<boolean>;
  readonly versions: () => Promise<readonly DrivenVersion[]>;
  /** Makes a version without a text, with `AWSPENDING`. */
  readonly stage: (token: string) => Promise<void>;
  /** Takes `AWSPENDING` off. */
  readonly unstage: (versionId: string) => Promise<void>;
  /** @returns why the step failed, or undefined when it did not */
  readonly invoke: (step: Step, token: string) => Promise<string | undefined>;
}

export type DriveOutcome =
  | { readonly outcome: 'rotated'; readonly token: string }
  /** Secrets Manager begins again from the first step, with this token. */
  | { readonly outcome: 'failed'; readonly token: string; readonly step: Step; readonly reason: string }
  /** As `RotateSecret` answers: nothing was done. */
  | { readonly outcome: 'refused'; readonly reason: string };

export interface Drive {
  /** A new one for a new rotation; that of a rotation that has failed begins it again. */
  readonly token: string;
  /** Told before each step; what it throws ends the rotation there, as a crash of the service would. */
  readonly onStep?: (step: Step) => void | Promise<void>;
}

const INCOMPLETE = "A previous rotation isn't complete. That rotation will be reattempted.";

const withStage = (versions: readonly DrivenVersion[], stage: string): DrivenVersion | undefined =>
  versions.find(({ stages }) => stages.includes(stage));

/** One try. A rotation that is not over is gone on with only under its own token. */
export async function driveRotation(secret: DrivenSecret, { token, onStep }: Drive): Promise<DriveOutcome> {
  const refusal = await begin(secret, token);
  if (refusal) return { outcome: 'refused', reason: refusal };
  for (const step of STEPS) {
    await onStep?.(step);
    const reason = await secret.invoke(step, token);
    if (reason !== undefined) return { outcome: 'failed', token, step, reason };
  }
  const versions = await secret.versions();
  if (withStage(versions, 'AWSCURRENT')?.id !== token) {
    return {
      outcome: 'failed',
      token,
      step: 'finishSecret',
      reason: `AWSCURRENT is not on version ${token}.`,
    };
  }
  if (withStage(versions, 'AWSPENDING')?.id === token) await secret.unstage(token);
  return { outcome: 'rotated', token };
}

/** What turning rotation on with `RotateImmediately=false` does: `testSecret` on a version that is removed again. */
export async function driveTest(secret: DrivenSecret, { token, onStep }: Drive): Promise<DriveOutcome> {
  const refusal = await begin(secret, token);
  if (refusal) return { outcome: 'refused', reason: refusal };
  await onStep?.('testSecret');
  const reason = await secret.invoke('testSecret', token);
  if (withStage(await secret.versions(), 'AWSPENDING')?.id === token) await secret.unstage(token);
  return reason === undefined
    ? { outcome: 'rotated', token }
    : { outcome: 'failed', token, step: 'testSecret', reason };
}

/** @returns why it cannot begin */
async function begin(secret: DrivenSecret, token: string): Promise<string | undefined> {
  if (!(await secret.rotationEnabled())) return 'Rotation is not enabled for this secret.';
  const versions = await secret.versions();
  const pending = withStage(versions, 'AWSPENDING');
  if (pending && pending.id !== token && !pending.stages.includes('AWSCURRENT')) return INCOMPLETE;
  const isThere = versions.some(({ id }) => id === token);
  if (!isThere) await secret.stage(token);
  return undefined;
}
