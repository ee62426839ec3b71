/** Reads a function's environment variables: all that are missing are named at once. */
import { Misconfigured } from '../core/domain/errors.ts';

/** @param names the variables that must be there; the type of the result has just these */
export function readEnvironment<const Name extends string>(
  names: readonly Name[],
  source: NodeJS.ProcessEnv = process.env,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => source[name] === undefined);
  if (missing.length > 0)
    throw new Misconfigured(`Environment variables are missing: ${missing.join(', ')}.`);
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Record<Name, string>;
}
