/** The whole drill: its scenes in order, and the cleaning up that comes whatever happens. */
import { type CallSummary, summarize } from './call-summary.ts';
import { type DrillContext, DrillInterrupted } from './drill-context.ts';
import type { DrillKey } from './drill-key.ts';
import type { EmergencyFigures } from './measure-refusal.ts';
import { clients } from './scenes/clients.ts';
import { emergency } from './scenes/emergency.ts';
import { limitedKey } from './scenes/limited-key.ts';
import { refusals } from './scenes/refusals.ts';
import { rotationUnderTraffic } from './scenes/rotation.ts';
import type { StepResult } from './story.ts';

export interface DrillResult {
  readonly ok: boolean;
  readonly interrupted: boolean;
  readonly ms: number;
  readonly steps: readonly StepResult[];
  readonly calls: CallSummary;
  /** null when that scene did not come to its end. */
  readonly emergency: EmergencyFigures | null;
}

export async function runDrill(drill: DrillContext): Promise<DrillResult> {
  let figures: EmergencyFigures | null = null;
  let interrupted = false;
  try {
    figures = await playScenes(drill);
  } catch (error) {
    if (!(error instanceof DrillInterrupted)) throw error;
    interrupted = true;
    drill.story.tell('Stopped. Cleaning up …');
  } finally {
    await cleanUp(drill);
  }
  return {
    ok: drill.story.ok && !interrupted && figures !== null,
    interrupted,
    ms: drill.story.elapsedMs,
    steps: drill.story.steps,
    calls: summarize(drill.recorder.calls),
    emergency: figures,
  };
}

async function playScenes(drill: DrillContext): Promise<EmergencyFigures | null> {
  const { story } = drill;
  let key: DrillKey | undefined;
  let figures: EmergencyFigures | null = null;
  await story.scene('1  Without a key', () => refusals(drill));
  await story.scene('2  With a key', async () => {
    key = await clients(drill);
  });
  await story.scene('3  With a key for one tool', () => limitedKey(drill));
  const rotated = key;
  if (rotated)
    await story.scene('4  A rotation under steady traffic', () => rotationUnderTraffic(drill, rotated));
  await story.scene('6  An emergency', async () => {
    figures = await emergency(drill);
  });
  return figures;
}

async function cleanUp(drill: DrillContext): Promise<void> {
  if (drill.keys.keyIds.length === 0) return;
  await drill.story.scene('Cleaning up', async () => {
    await drill.story.check('throw-away keys', 'all revoked', async () => {
      const count = drill.keys.keyIds.length;
      const left = await drill.keys.revokeAll();
      if (left.length > 0)
        throw new Error(`not revoked: ${left.join(', ')}. Revoke them by hand: keyturn revoke <keyId>`);
      return `${count} revoked`;
    });
  });
}
