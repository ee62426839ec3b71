/** The one place where a key is printed to people. */
import type { Paint } from './paint.ts';

/** The key alone on its line, so that a triple click takes it and nothing else. */
export const secretBlock = (key: string, paint: Paint): string =>
  `${paint.warn('The key, shown this once and never again. Put it where its client reads it:')}\n\n${key}\n`;
