/** An option of the application on the command line, as `-c` of the CDK's own takes it. */
import { InvalidArgumentError } from 'commander';

/**
 * @param earlier what the option gave so far: it can be repeated
 * @throws InvalidArgumentError with the mend
 */
export function contextValue(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('Write <name>=<value>, such as vaultAddress=http://127.0.0.1:8200.');
  }
  return { ...earlier, [name]: value };
}
