/** The first part of every key of a deployment. */
import { type Checked, refused } from './checked.ts';

export const DEFAULT_PREFIX = 'mk';

const PREFIX = /^[a-z0-9]{2,8}$/;

export function parseKeyPrefix(text: string): Checked<string> {
  if (PREFIX.test(text)) return { ok: true, value: text };
  return refused(`prefix '${text}' is not valid.`, 'Use 2 to 8 lower-case letters or digits.');
}
