/** Follows a rotation to its end, or until it is held, on one live line, or on a line per change where lines cannot be rewritten. */
import type { RotationView } from '../../lambdas/functions/admin/rotation-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import type { CliContext } from '../context.ts';
import { isFinal, watchLine, watchState } from '../output/render-rotation.ts';

const CLEAR_LINE = '\r\u001b[2K';

export interface Watched {
  /** As last seen. */
  readonly rotation: RotationView;
  /** The operator stopped watching; the rotation goes on. */
  readonly stopped: boolean;
}

/** Often while little time is left, seldom in a window of days. */
function pollMs(rotation: RotationView, nowMs: number): number {
  const leftMs = Date.parse(rotation.gracePeriodEndsAt ?? '') - nowMs;
  return Number.isNaN(leftMs) ? 1_000 : Math.min(15_000, Math.max(1_000, leftMs / 60));
}

export async function watchRotation(
  context: CliContext,
  admin: AdminClient,
  keyId: string,
  begun: RotationView,
  signal: AbortSignal,
): Promise<Watched> {
  const show = liveLine(context);
  let rotation = begun;
  show(rotation);
  // Held it may be for months, and what ends that is for somebody to decide.
  while (!isFinal(rotation) && !rotation.held && !signal.aborted) {
    await context.sleep(pollMs(rotation, context.now()), signal);
    if (signal.aborted) break;
    const { rotationId } = rotation;
    rotation = (await admin.call('rotation', { keyId, rotationId })) ?? rotation;
    show(rotation);
  }
  if (context.stderr.isTTY) context.stderr.write('\n');
  return { rotation, stopped: !isFinal(rotation) && !rotation.held };
}

function liveLine({ stderr, now }: CliContext): (rotation: RotationView) => void {
  let shown: string | undefined;
  return (rotation) => {
    const line = watchLine(rotation, now());
    if (stderr.isTTY) {
      stderr.write(`${CLEAR_LINE}${line}`);
      return;
    }
    const state = watchState(rotation);
    if (state !== shown) stderr.write(`${line}\n`);
    shown = state;
  };
}
