import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { type ProofKey, parseProofKey } from '../../lambdas/core/domain/audit-proof/digest.ts';
import { verifyRecords } from '../../lambdas/core/domain/audit-proof/verify-records.ts';
import { deploymentRecords } from '../audit/deployment-records.ts';
import { writeExport } from '../audit/export-file.ts';
import { fileRecords, writeRecords } from '../audit/record-lines.ts';
import { badUsage, CliError, EXIT, type ExitCode } from '../exit.ts';
import { refuseTaken } from '../files/new-place.ts';
import type { Invocation } from '../invocation.ts';
import { pastPeriod } from '../options/past-period.ts';
import { words } from '../options/values.ts';
import { type KeySource, verificationJson, verificationText } from '../output/render-verification.ts';
import { inheritedOptions } from './inherited-options.ts';
import type { Register } from './register.ts';

interface PeriodOptions {
  readonly from?: string;
  readonly to?: string;
}

interface ExportOptions extends PeriodOptions {
  readonly out: string;
}

interface VerifyOptions extends PeriodOptions {
  readonly publicKey?: ProofKey;
  readonly file?: string;
}

const FROM = [
  '--from <time>',
  'from the last digest before then: 2026-11-01, or P30D back from now',
  words,
] as const;
const TO = ['--to <time>', 'to the first digest after then; a day is in until its end', words] as const;

/** `keyturn audit verify`, `export` and `key`: after `audit` itself, whose commands they are. */
export const registerAuditProof: Register = (program, handle) => {
  const audit = program.commands.find((command) => command.name() === 'audit') as Command;
  audit
    .command('verify')
    .description(
      'Check every chain of events, every digest and its signature, here and by the public key alone',
    )
    .option(...FROM)
    .option(...TO)
    .option('--public-key <pem>', 'file with the public key, as you know it by another way', publicKeyFile)
    .option(
      '--file <export>',
      'an export instead of the deployment: no AWS is asked; - for standard input',
      words,
    )
    .action(handle(verify));
  audit
    .command('export')
    .description('Write what is on record, as JSON Lines that can be checked anywhere')
    .option(...FROM)
    .option(...TO)
    .requiredOption('--out <file>', 'a new file, or - for standard output', words)
    .action(handle(exportRecords));
  audit
    .command('key')
    .description('Show the public key that digests are signed with, and its fingerprint')
    .action(handle(showKey));
};

async function verify(run: Invocation, _own: object, command: Command): Promise<ExitCode> {
  const options = inheritedOptions<VerifyOptions>(command, ['from', 'to']);
  const { file, publicKey } = options;
  if (file !== undefined && (options.from ?? options.to) !== undefined)
    throw badUsage(
      '--from and --to are not for a file.',
      'A file is checked whole: export the period that you want.',
    );
  const period = periodOf(run, options);
  const records =
    file === undefined
      ? deploymentRecords((await run.connect()).admin, period, run.context.now())
      : fileRecords(file);
  const verification = await verifyRecords(records, (header) =>
    publicKey ? { ok: true, value: publicKey } : parseProofKey(header.publicKey),
  ).catch((error: unknown) => Promise.reject(unreadable(file, error)));
  if (verification.outcome === 'no-key')
    throw new CliError('no-public-key', verification.message, verification.hint);
  const from: KeySource = publicKey ? 'given' : file === undefined ? 'deployment' : 'file';
  run.result(verificationJson(verification, from), (paint, nowMs) =>
    verificationText(verification, from, paint, nowMs),
  );
  return verification.outcome === 'holds' ? EXIT.done : EXIT.failed;
}

async function exportRecords(run: Invocation, _own: object, command: Command): Promise<ExitCode> {
  const { out, ...asked } = inheritedOptions<ExportOptions>(command, ['from', 'to']);
  const period = periodOf(run, asked);
  if (out !== '-') refuseTaken(out);
  const records = deploymentRecords((await run.connect()).admin, period, run.context.now());
  if (out === '-') {
    await writeRecords(records, run.context.stdout);
    return EXIT.done;
  }
  const count = await writeExport(records, out);
  run.result({ file: out, records: count }, (paint) =>
    [
      `Wrote ${count} records to ${out}.`,
      paint.dim(`Nothing of it was checked yet: keyturn audit verify --file ${out}`),
      '',
    ].join('\n'),
  );
  return EXIT.done;
}

async function showKey(run: Invocation, _own: object, command: Command): Promise<ExitCode> {
  inheritedOptions(command, []);
  const { admin } = await run.connect();
  const { publicKey } = await admin.call('audit-digests', { after: '9999-12-31' });
  const key = parseProofKey(publicKey);
  if (!key.ok) throw new CliError('no-public-key', key.message, key.hint);
  const { fingerprint } = key.value;
  run.result(
    { publicKey, fingerprint },
    (paint) => `${publicKey}${paint.dim('fingerprint')} ${fingerprint}\n`,
  );
  return EXIT.done;
}

function periodOf({ context }: Invocation, { from, to }: PeriodOptions) {
  return pastPeriod({ from, to }, context.now());
}

function publicKeyFile(path: string): ProofKey {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch {
    throw new InvalidArgumentError('There is no file there that can be read.');
  }
  const key = parseProofKey(pem);
  if (!key.ok) throw new InvalidArgumentError(key.hint);
  return key.value;
}

function unreadable(file: string | undefined, error: unknown): unknown {
  if (file === undefined || !(error instanceof Error) || !('syscall' in error)) return error;
  return new CliError(
    'not-read',
    `The export '${file}' cannot be read: ${error.message}.`,
    'Name a file that is there.',
    {
      exitCode: EXIT.usage,
      cause: error,
    },
  );
}
