import { InvalidConfiguration } from './invalid-configuration.ts';

/** Context and environment give text, and the text 'false' would be true. */
export function checkedFlag(what: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidConfiguration(
    `${what} '${String(value)}' is neither true nor false.`,
    'Give the value, not a text.',
  );
}
