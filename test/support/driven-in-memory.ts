/** A secret in memory, as the local cloud's driver of rotations drives one on its own. */

import { PENDING } from '../../lambdas/core/domain/secret-versions.ts';
import type { SecretStep } from '../../lambdas/core/use-cases/secret-rotation-deps.ts';
import type { DrivenSecret, Step } from '../../local/secrets-driver/drive-rotation.ts';
import type { MemorySecrets } from './memory-secrets.ts';

/** @param step one call of Secrets Manager to the rotation function */
export function drivenInMemory(
  secrets: MemorySecrets,
  name: string,
  step: (step: Step, token: string) => Promise<SecretStep>,
): DrivenSecret {
  return {
    rotationEnabled: async () => secrets.find(name).rotation?.enabled === true,
    versions: async () => secrets.find(name).versions.map(({ id, stages }) => ({ id, stages: [...stages] })),
    stage: async (token) => secrets.beginRotation(name, token),
    unstage: async (token) => secrets.move(name, PENDING, token, undefined),
    invoke: async (each, token) => {
      try {
        const answer = await step(each, token);
        return answer.outcome === 'done' ? undefined : answer.reason;
      } catch (error) {
        return String(error);
      }
    },
  };
}
