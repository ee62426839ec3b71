/** The pepper, read by the authorizer without an SDK. */
import { CachedPeppers } from '../../core/use-cases/cached-peppers.ts';
import type { CallAws } from './aws-call.ts';

export const signedPeppers = (call: CallAws, secretId: string, clock: () => number): CachedPeppers =>
  new CachedPeppers(async () => {
    const answer = await call({
      service: 'secretsmanager',
      target: 'secretsmanager.GetSecretValue',
      body: { SecretId: secretId },
    });
    return String(answer['SecretString'] ?? '');
  }, clock);
