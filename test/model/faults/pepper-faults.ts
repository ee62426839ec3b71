/** Faults of the pepper's rotation. */
import { newPepperName } from '../../../lambdas/core/domain/pepper-name.ts';
import { newPepperSecret, withPepper } from '../../../lambdas/core/domain/pepper-rotation.ts';
import { PEPPERS } from '../arbitraries.ts';
import type { Parts, PepperStep } from '../parts.ts';
import type { Fault } from './fault.ts';

const withStep = (parts: Parts, name: string, change: (step: PepperStep) => PepperStep): Parts => ({
  ...parts,
  pepperSteps: { ...parts.pepperSteps, [name]: change(parts.pepperSteps[name] as PepperStep) },
});

export const PEPPER_FAULTS: readonly Fault[] = [
  {
    name: 'peppers are dropped that versions need',
    breaks: [1],
    shownBy: PEPPERS,
    spoil: (parts) =>
      withStep(parts, 'drop', (step) => (deps, run, given) => {
        const { count } = given;
        return step(deps, run, count ? { ...given, count: { ...count, needs: {} } } : given);
      }),
  },
  {
    name: 'the pepper secret is written without a word',
    breaks: [6],
    shownBy: PEPPERS,
    spoil: (parts) =>
      withStep(parts, 'add', (step) => async (deps, run, given) => {
        const { set, revision } = await deps.secret.read();
        const name = newPepperName(set.current, deps.clock(), deps.randomBytes);
        await deps.secret.replace(revision, withPepper(set, name, newPepperSecret(deps.randomBytes)));
        return step(deps, run, given);
      }),
  },
];
