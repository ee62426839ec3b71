/** The pepper, read by the authorizer without an SDK. */
import { PepperUnreadable } from '../../core/domain/errors.ts';
import { CachedPeppers } from '../../core/use-cases/cached-peppers.ts';
import type { CallAws } from './aws-call.ts';

export const signedPeppers = (call: CallAws, secretId: string, clock: () => number): CachedPeppers =>
  new CachedPeppers(async () => {
    try {
      const answer = await call({
        service: 'secretsmanager',
        target: 'secretsmanager.GetSecretValue',
        body: { SecretId: secretId },
      });
      return String(answer['SecretString'] ?? '');
    } catch (error) {
      // What a call fails with never holds an answer.
      throw new PepperUnreadable(`The pepper secret cannot be read: ${(error as Error).message}`);
    }
  }, clock);
