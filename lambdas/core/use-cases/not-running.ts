import type { StepInput, StepResult } from './rotation-deps.ts';

/** The answer of every step whose rotation is not the key's running one any more: it ended otherwise. */
export const notRunning = (step: StepInput): StepResult => ({
  ...step,
  next: 'done',
  message: `Rotation ${step.rotationId} is not running any more.`,
});
