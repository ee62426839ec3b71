import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { emergencyPreview } from '../output/render-emergency-preview.ts';
import { manyKeys, type Target } from './target.ts';

/** `keyturn emergency … --preview`: what would become of which key. */
export async function previewEmergency(
  run: Invocation,
  target: Extract<Target, { readonly kind: 'key' | 'owner' | 'all' }>,
  immediate: boolean,
): Promise<ExitCode> {
  const { admin } = await run.connect();
  const keys = target.kind === 'key' ? { keyId: target.keyId } : manyKeys(target);
  const preview = await admin.call('preview-emergency', { ...keys, immediateInvalidation: immediate });
  run.result(preview, (paint, nowMs) => emergencyPreview(preview, paint, nowMs));
  return EXIT.done;
}
