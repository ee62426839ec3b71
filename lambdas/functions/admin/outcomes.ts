/** The admin function's refusals, each with the mend. */
import type { Refusal } from '../../../rules/checked.ts';
import type { AdminError, AdminErrorCode, AdminResponse } from './contract.ts';
import type { RotationView } from './rotation-contract.ts';

export const success = <Result>(result: Result): AdminResponse<Result> => ({ ok: true, result });

export const failure = (
  code: AdminErrorCode,
  message: string,
  hint: string,
  rotation?: RotationView,
): { readonly ok: false; readonly error: AdminError } => ({
  ok: false,
  error: { code, message, hint, ...(rotation ? { rotation } : {}) },
});

export const badRequest = ({ message, hint }: Refusal) => failure('bad-request', message, hint);

export const isLimit = (limit: unknown): boolean =>
  Number.isInteger(limit) && Number(limit) >= 1 && Number(limit) <= 100;

export const badLimit = (limit: unknown) =>
  failure('bad-request', `limit '${String(limit)}' is out of range.`, 'Give a whole number from 1 to 100.');

/** Of a Step Functions execution. */
const EXECUTION_NAME = /^[A-Za-z0-9-]{1,80}$/;

export const isExecutionName = (name: unknown): name is string =>
  typeof name === 'string' && EXECUTION_NAME.test(name);

/** @param of the request: what gave the name */
export const badExecutionName = (of: 'rotationId' | 'executionId', name: unknown) =>
  failure(
    'bad-request',
    `${of} '${String(name)}' cannot name an execution.`,
    'Give up to 80 letters, digits and hyphens, or leave it out.',
  );

export const badToken = () =>
  failure('bad-request', 'nextToken is not one of a listing.', 'Start again without it.');

export const unknownKey = (keyId: string) =>
  failure('unknown-key', `There is no key '${keyId}'.`, 'See the ids with `keyturn list`.');

export const unknownNotice = (noticeId: string) =>
  failure(
    'unknown-notice',
    `There is no notice '${noticeId}'.`,
    'Give an id as `keyturn notices <keyId>` or `keyturn notices --parked` shows it, all of it.',
  );

export const revokedKey = (keyId: string) =>
  failure(
    'key-revoked',
    `Key '${keyId}' is revoked for good.`,
    'Issue a new key to its owner with `keyturn issue`.',
  );

export const disabledKey = (keyId: string) =>
  failure(
    'key-disabled',
    `Key '${keyId}' is disabled: every version of it is refused already.`,
    'Enable it first with `keyturn enable`, or revoke it.',
  );

export const brokenSeal = (message: string) =>
  failure(
    'seal-broken',
    `${message} Nothing was handed out, and it is on record as a security event.`,
    'CloudTrail says who wrote to the table. Rotate the key: it makes and seals another version.',
  );

/** @param message of the vault's adapter, which holds no content */
export const vaultTrouble = (message: string) =>
  failure(
    'vault-trouble',
    message,
    'What was changed before that stands: see `keyturn show`, and repeat the command when `keyturn vault status` is well.',
  );

/** @param message of the fault, without a word of what the secret holds */
export const pepperFault = (message: string, requestId: string) =>
  failure(
    'pepper-fault',
    `${message} A change is written whole or not at all.`,
    `Put it back as docs/pepper.md says, “When a pepper cannot be had”, and try again; the admin function's log has request ${requestId}.`,
  );

/** @param message the whole reason, with the mend where there is one */
export const placeUnready = (message: string) =>
  failure(
    'place-unready',
    message,
    'What was changed before that stands: see `keyturn show`, and repeat the command when the place can be written.',
  );

export const contended = () =>
  failure(
    'conflict',
    'The key kept changing while this was being written. Nothing of it is.',
    'See what stands with `keyturn show` and try again.',
  );

export const rotationRunning = (keyId: string, rotation: RotationView) =>
  failure(
    'rotation-running',
    `Rotation ${rotation.rotationId} of key '${keyId}' is running (${rotation.status}) since ${rotation.startedAt}.`,
    'Follow it with `keyturn show`; a key has one rotation at a time. If the key has leaked, `keyturn emergency` takes over from it.',
    rotation,
  );
