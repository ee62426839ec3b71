/** Takes the new key of a rotation that reached its dual-key window. */
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import { CliError } from '../exit.ts';

/**
 * @returns the key, or undefined when there is none for the operator to take
 * @throws CliError `claim-failed`: the rotation stands, only the key was not taken
 */
export async function takeNewKey(
  admin: AdminClient,
  keyId: string,
  rotation: RotationView,
): Promise<string | undefined> {
  try {
    return (await admin.call('claim', { keyId })).key;
  } catch (cause) {
    // A rotation that carries on from a failed one brings no new key: its version was handed out before.
    if (cause instanceof CliError && cause.code === 'nothing-to-claim') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(
      'claim-failed',
      `The rotation succeeded and version ${rotation.toVersion} is active, but its key could not be taken: ${why}`,
      `Take it with 'keyturn claim ${keyId}'. If somebody else took it, rotate again.`,
      { rotation, cause },
    );
  }
}
