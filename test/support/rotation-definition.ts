/** The rotation machine's own file, as text. */
import { readFileSync } from 'node:fs';

export const DEFINITION_TEXT = readFileSync(
  new URL('../../state-machines/rotation.asl.json', import.meta.url),
  'utf8',
);
