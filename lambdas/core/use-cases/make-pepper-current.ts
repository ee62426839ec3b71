/** New versions are hashed under the new pepper from here on; every authorizer can know it by now. */
import { wasAdded } from '../domain/pepper-events.ts';
import { isNewer } from '../domain/pepper-name.ts';
import { withCurrent } from '../domain/pepper-rotation.ts';
import { changePeppers } from './change-peppers.ts';
import { type PepperDeps, type PepperRun, type PepperStepResult, waitForWriters } from './pepper-deps.ts';

/** Refuses where the pepper is not the one that was added: somebody else has changed the secret. */
export function makePepperCurrent(
  deps: PepperDeps,
  run: PepperRun,
  pepperVersion: string,
): Promise<PepperStepResult> {
  return changePeppers(deps, run, ({ set }, events) => {
    const result = (revision: string) => waitForWriters(deps, revision);
    // A newer rotation was faster: going back to this one would be none.
    if (set.current === pepperVersion || isNewer(set.current, pepperVersion)) return { result };
    if (!wasAdded(events, set, pepperVersion)) {
      const message = `Pepper ${pepperVersion} is not in the secret as it was added: the secret was changed by hand. The current pepper stays ${set.current}.`;
      return { result: () => ({ next: 'refuse', message }) };
    }
    const changed = withCurrent(set, pepperVersion);
    return {
      result,
      change: { set: changed, action: 'pepper.making-current', pepperVersions: [pepperVersion] },
    };
  });
}
