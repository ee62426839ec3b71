/** What `rotate` and `emergency` do alike: start, wait, take the new key, print it once, watch if asked. */
import type {
  RotationRequest,
  RotationStarted,
  RotationView,
} from '../../lambdas/functions/admin/rotation-contract.ts';
import type { Delivery } from '../../rules/words.ts';
import type { AdminClient } from '../admin-client.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { type Paint, paintFor } from '../output/paint.ts';
import { elsewhereText } from '../output/render-delivery.ts';
import { heldWords } from '../output/render-held.ts';
import { rotationBlock } from '../output/render-rotation.ts';
import { secretBlock } from '../output/render-secret.ts';
import { stragglersBlock } from '../output/render-stragglers.ts';
import { measured } from '../output/time.ts';
import { beginRotation, rotationFailed, rotationRolledBack } from './begin-rotation.ts';
import { takeNewKey } from './take-new-key.ts';
import { watchRotation } from './watch-rotation.ts';

export interface RunOptions {
  readonly watch: boolean;
}

export function runRotation(
  run: Invocation,
  request: RotationRequest,
  { watch }: RunOptions,
): Promise<ExitCode> {
  return run.context.interruptible(async (signal) => {
    const { admin } = await run.connect();
    const { now, sleep } = run.context;
    const { started, rotation } = await beginRotation(admin, request, { now, sleep, signal });
    const key = await takeNewKey(admin, request.keyId, rotation);
    const way = key || run.options.json ? undefined : await deliveryOf(admin, request.keyId);
    const bound = request.purpose === 'emergency' ? started.revocationBoundMs : undefined;
    const print = (view: RotationView) =>
      run.result(
        { ...view, ...(bound !== undefined && { revocationBoundMs: bound }), ...(key && { key }) },
        (paint, nowMs) => rotationText(view, started, { keyId: request.keyId, key, way }, paint, nowMs),
      );
    if (!watch) {
      print(rotation);
      return EXIT.done;
    }
    // People get the key before the wait. JSON is one value at the end, but it comes whatever ends the watching.
    if (!run.options.json) print(rotation);
    let last = rotation;
    try {
      const watched = await watchRotation(run.context, admin, request.keyId, rotation, signal);
      last = watched.rotation;
      if (watched.stopped) run.progress(stoppedText(run, request.keyId, last));
    } finally {
      if (run.options.json) print(last);
    }
    if (last.held) throw rotationHeld(run, request.keyId, last);
    if (last.status === 'failed') throw rotationFailed(last);
    if (last.status === 'rolled-back') throw rotationRolledBack(last);
    return EXIT.done;
  });
}

interface NewKey {
  readonly keyId: string;
  readonly key: string | undefined;
  readonly way: Delivery | undefined;
}

/** The rotation stands, whether or not this can be told. */
const deliveryOf = (admin: AdminClient, keyId: string): Promise<Delivery | undefined> =>
  admin.call('show', { keyId }).then(
    ({ delivery }) => delivery,
    () => undefined,
  );

/** Who is left stands above what is to be done about them. */
function rotationHeld({ context, progress }: Invocation, keyId: string, rotation: RotationView): CliError {
  const left = stragglersBlock(rotation, paintFor(context.stderr, context.env), context.now());
  if (left) progress(left);
  const { what, mend } = heldWords(keyId, rotation, context.now());
  return new CliError('rotation-held', what, mend, { rotation });
}

/** Whoever stops watching wants to know who is left. */
function stoppedText({ context }: Invocation, keyId: string, rotation: RotationView): string {
  const left = stragglersBlock(rotation, paintFor(context.stderr, context.env), context.now());
  const stopped = `Stopped watching; the rotation goes on: keyturn show ${keyId}`;
  return left ? `${left}\n${stopped}` : stopped;
}

function rotationText(
  rotation: RotationView,
  started: RotationStarted,
  { keyId, key, way }: NewKey,
  paint: Paint,
  nowMs: number,
): string {
  const parts = [rotationBlock(rotation, paint, nowMs)];
  if (rotation.purpose === 'emergency' && rotation.refusedAfterMs !== null) {
    parts.push(
      `The refusal of the old version stands since ${measured(rotation.refusedAfterMs)} after the start; no authorizer ` +
        `accepts it for longer than ${measured(started.revocationBoundMs)} from then on.`,
    );
  }
  parts.push(key ? secretBlock(key, paint).trimEnd() : elsewhereText(keyId, rotation.toVersion, way));
  return `${parts.join('\n\n')}\n`;
}
