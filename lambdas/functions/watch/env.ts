/** The watch function's environment, and what it is called with. */
import type { RetiredUse } from '../../core/ports/authorization.ts';
import type { StuckRotation } from '../../core/use-cases/note-stuck-rotation.ts';

export interface WatchEnv {
  readonly TABLE_NAME: string;
  /** Seconds of the windows in which wrong keys are counted. */
  readonly WRONG_KEY_WINDOW_SECONDS: string;
}

/** The schedule calls with nothing; who sees something that is to go on record calls with that. */
export interface WatchEvent {
  readonly retired?: readonly (RetiredUse & { readonly windowMs: number })[];
  readonly stuck?: readonly StuckRotation[];
}
