import { Option } from 'commander';
import type { RenewalKey } from '../../rules/renewal-key.ts';
import { DELIVERIES, ENVIRONMENTS } from '../../rules/words.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { addresses, publicKeyFile, readers, scopes, words } from '../options/values.ts';
import { issuedKey } from '../output/render-key.ts';
import type { Register } from './register.ts';

interface IssueOptions {
  readonly owner: string;
  readonly name: string;
  readonly env: string;
  readonly scope: readonly string[];
  readonly policy: string;
  readonly delivery: string;
  readonly purpose?: string;
  readonly vaultPath?: string;
  readonly reader?: readonly string[];
  readonly publicKey?: RenewalKey;
  readonly allowFrom?: readonly string[];
}

/** `keyturn issue`: a new API key with its first version. */
export const registerIssue: Register = (program, handle) => {
  program
    .command('issue')
    .description('Issue a new API key')
    .requiredOption('--owner <address>', 'mail address of the key owner', words)
    .requiredOption('--name <name>', 'what the key is for, in a few words', words)
    .addOption(
      new Option('--env <environment>', 'where the key may be used')
        .choices(ENVIRONMENTS)
        .makeOptionMandatory(),
    )
    .requiredOption('--scope <area:action>', "what the key may do, such as 'tools:*'; repeatable", scopes)
    .option('--policy <name>', 'rotation policy', words, 'standard')
    .addOption(
      new Option('--delivery <way>', 'how the owner receives a new key')
        .choices(DELIVERIES)
        .default('operator'),
    )
    .option(
      '--vault-path <path>',
      'with --delivery vault: where, below the mount (default: keyturn/<keyId>)',
      words,
    )
    .option(
      '--reader <arn>',
      'with --delivery secrets-manager: a role or user that may read the secret; repeatable (default: whoever IAM lets)',
      readers,
    )
    .option(
      '--public-key <file>',
      "with --delivery renewal-key: the client's public key, a JWK on P-256 or Ed25519",
      publicKeyFile,
    )
    .option('--purpose <text>', 'why the key exists, for the audit', words)
    .option('--allow-from <cidr>', 'address or CIDR block the key may be used from; repeatable', addresses)
    .action(handle(issue));
};

async function issue(run: Invocation, options: IssueOptions): Promise<ExitCode> {
  const { admin } = await run.connect();
  const issued = await admin.call('issue', {
    owner: options.owner,
    name: options.name,
    environment: options.env,
    scopes: options.scope,
    policy: options.policy,
    delivery: options.delivery,
    ...(options.purpose && { purpose: options.purpose }),
    ...(options.vaultPath && { vaultPath: options.vaultPath }),
    ...(options.reader && { readers: options.reader }),
    ...(options.publicKey && { publicKey: { ...options.publicKey } }),
    ...(options.allowFrom && { allowedAddresses: options.allowFrom }),
  });
  run.result(issued, (paint, nowMs) => issuedKey(issued, paint, nowMs));
  return EXIT.done;
}
