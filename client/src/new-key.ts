#!/usr/bin/env node
/** `npx keyturn-client new-key <file>`: makes the key pair of a client, and shows what its operator needs of it. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { signingKeyFile } from './node.ts';

const USAGE = `Usage: keyturn-client new-key <private key file> [<public key file>]

Makes a key pair, or takes the one in the file; writes the public key and prints its thumbprint.
`;

const [command, privateFile, publicFile = `${privateFile}.public`, ...more] = process.argv.slice(2);
// The public key would take the place of the private one.
const isOne = privateFile !== undefined && resolve(privateFile) === resolve(publicFile);
if (command !== 'new-key' || privateFile === undefined || more.length > 0 || isOne) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const { publicJwk, thumbprint } = await signingKeyFile(privateFile);
  await writeFile(publicFile, `${JSON.stringify(publicJwk)}\n`);
  process.stdout.write(
    `private key  ${privateFile}\npublic key   ${publicFile}\nthumbprint   ${thumbprint}\n`,
  );
}
