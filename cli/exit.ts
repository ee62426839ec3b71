/** How a command ends: exit codes, and the one error that carries them. */

import type { AdminErrorCode } from '../lambdas/functions/admin/contract.ts';
import type { RotationView } from '../lambdas/functions/admin/rotation-contract.ts';

/** The closed set of exit codes that scripts may rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, unknownKey: 3, conflict: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const EXIT_OF_ADMIN_ERROR: Readonly<Record<AdminErrorCode, ExitCode>> = {
  'bad-request': EXIT.usage,
  'unknown-key': EXIT.unknownKey,
  'unknown-run': EXIT.failed,
  'unknown-notice': EXIT.failed,
  'rotation-running': EXIT.conflict,
  conflict: EXIT.conflict,
  'rotation-refused': EXIT.failed,
  'key-disabled': EXIT.failed,
  'key-revoked': EXIT.failed,
  'nothing-to-claim': EXIT.failed,
  'nothing-to-deliver': EXIT.failed,
  'not-delivered': EXIT.failed,
  'nothing-to-roll-back': EXIT.failed,
  'nothing-proposed': EXIT.failed,
  'nothing-registered': EXIT.failed,
  'other-thumbprint': EXIT.failed,
  'forbidden-by-policy': EXIT.failed,
  'seal-broken': EXIT.failed,
  'not-blocked': EXIT.failed,
  'not-configured': EXIT.failed,
  'vault-trouble': EXIT.failed,
  'place-unready': EXIT.failed,
  'pepper-fault': EXIT.failed,
  'nothing-to-restore': EXIT.failed,
  'unknown-webhook': EXIT.failed,
  'webhook-removed': EXIT.failed,
  'address-refused': EXIT.failed,
  internal: EXIT.failed,
};

/** What the admin function's refusal means to the shell; a code of a newer deployment counts as failed. */
export const exitCodeOf = (code: AdminErrorCode): ExitCode => EXIT_OF_ADMIN_ERROR[code] ?? EXIT.failed;

export interface CliErrorOptions {
  readonly exitCode?: ExitCode;
  /** The rotation that the error is about, for whoever reads the JSON. */
  readonly rotation?: RotationView;
  readonly cause?: unknown;
}

/** Ends a command: says what was wrong with the value (`message`) and the mend (`hint`). */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
  readonly rotation: RotationView | undefined;

  constructor(code: string, message: string, hint: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = hint;
    this.exitCode = options.exitCode ?? EXIT.failed;
    this.rotation = options.rotation;
  }
}

/** A command line that cannot be carried out as it stands; nothing has been sent. */
export const badUsage = (message: string, hint: string): CliError =>
  new CliError('bad-usage', message, hint, { exitCode: EXIT.usage });
