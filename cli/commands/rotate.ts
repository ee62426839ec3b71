import type { ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { duration, keyId, words } from '../options/values.ts';
import { runRotation } from '../rotation/run-rotation.ts';
import type { Register } from './register.ts';

interface RotateOptions {
  readonly grace?: string;
  readonly reason?: string;
  readonly watch: boolean;
}

/** `keyturn rotate`: a new version beside the old one, which goes when its clients have moved. */
export const registerRotate: Register = (program, handle) => {
  program
    .command('rotate')
    .description('Rotate a key: the old version stays accepted for the grace period')
    .argument('<keyId>', "the key's public id", keyId)
    .option('--grace <duration>', "grace period, ISO 8601, such as PT24H (default: the policy's)", duration)
    .option('--reason <text>', 'why, for the audit', words)
    .option('--watch', 'follow the rotation until it ends, or is held after its last extension', false)
    .action(handle(rotate));
};

function rotate(run: Invocation, id: string, options: RotateOptions): Promise<ExitCode> {
  const request = {
    keyId: id,
    purpose: 'manual',
    ...(options.reason && { reason: options.reason }),
    ...(options.grace && { gracePeriod: options.grace }),
  };
  return runRotation(run, request, { watch: options.watch });
}
