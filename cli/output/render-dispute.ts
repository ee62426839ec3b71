/** That a key was taken by somebody else, by the word of whoever has its link, and what to do about it. */
import type { KeyView } from '../../lambdas/functions/admin/contract.ts';
import type { Paint } from './paint.ts';
import { moment } from './time.ts';

/** Of versions that are still accepted: what is refused needs nothing more. */
export const disputeLines = (
  { keyId, status, versions }: Pick<KeyView, 'keyId' | 'status' | 'versions'>,
  paint: Paint,
  nowMs: number,
): readonly string[] =>
  versions
    .filter((version) => status !== 'revoked' && version.status !== 'retired')
    .flatMap(({ version, delivery: { disputedAt } }) =>
      disputedAt
        ? [
            `${paint.bad(`Version ${version} was taken by somebody else`)}, as the owner reported by the claim link, ${moment(disputedAt, nowMs)}.\nReplace it at once: keyturn emergency ${keyId} --reason "Claim disputed" --immediate`,
          ]
        : [],
    );
