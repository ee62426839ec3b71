/** Rotation policies from a file, for who configures the application without writing TypeScript. */
import { readFileSync } from 'node:fs';
import type { PolicyConfig } from '../rules/policy.ts';
import { InvalidConfiguration } from './invalid-configuration.ts';

const MEND = 'Write one JSON object of policies by name, such as { "partners": { "gracePeriod": "P7D" } }.';

/**
 * Of the shape of the prop `policies`; what the policies say is checked with the prop.
 *
 * @throws InvalidConfiguration for a file that cannot be read, is not JSON, or is not made of policies
 */
export function readPolicies(path: string): Readonly<Record<string, PolicyConfig>> {
  const policies = parse(path);
  if (!isObject(policies)) throw new InvalidConfiguration(`policies '${path}' is no object.`, MEND);
  const wrong = Object.entries(policies).find(([, policy]) => !isObject(policy));
  if (wrong) throw new InvalidConfiguration(`Policy '${wrong[0]}' in '${path}' is no object.`, MEND);
  return policies as Record<string, PolicyConfig>;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidConfiguration(`policies '${path}' cannot be read: ${(error as Error).message}.`, MEND);
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
