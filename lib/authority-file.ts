/** The certificate of an authority from a file, for who configures the application without writing TypeScript. */
import { readFileSync } from 'node:fs';
import { InvalidConfiguration } from './invalid-configuration.ts';

/**
 * What it holds is checked with the prop `webhooks.certificateAuthorities`.
 *
 * @throws InvalidConfiguration for a file that cannot be read
 */
export function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidConfiguration(
      `webhookAuthority '${path}' cannot be read: ${(error as Error).message}.`,
      "Give the path of a file with the authority's certificate in PEM, from the checkout or absolute.",
    );
  }
}
