/** The `keyturn` command: global options, its commands, and how every run of it ends. */
import { Command, CommanderError, Option } from 'commander';
import { registerAudit } from './commands/audit.ts';
import { registerAuditProof } from './commands/audit-proof.ts';
import { registerAuditPublish } from './commands/audit-publish.ts';
import { registerClaim } from './commands/claim.ts';
import { registerDeliver } from './commands/deliver.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerDrill } from './commands/drill.ts';
import { registerEmergency } from './commands/emergency.ts';
import { registerExempt } from './commands/exempt.ts';
import { registerIssue } from './commands/issue.ts';
import { registerList } from './commands/list.ts';
import { registerNotices } from './commands/notices.ts';
import { registerOwner } from './commands/owner.ts';
import { registerPepper } from './commands/pepper.ts';
import { registerRecipients } from './commands/recipients.ts';
import type { Handle } from './commands/register.ts';
import { registerRenewal } from './commands/renewal.ts';
import { registerReport } from './commands/report.ts';
import { registerRollback } from './commands/rollback.ts';
import { registerRotate } from './commands/rotate.ts';
import { registerRotations } from './commands/rotations.ts';
import { registerShow } from './commands/show.ts';
import { registerStatus } from './commands/status.ts';
import { registerSweep } from './commands/sweep.ts';
import { registerVault } from './commands/vault.ts';
import { registerWebhooks } from './commands/webhooks.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { badUsage, CliError, EXIT, type ExitCode } from './exit.ts';
import { HELP_LAYOUT } from './help-layout.ts';
import { invocation } from './invocation.ts';
import { paintFor } from './output/paint.ts';
import { errorJson, errorText } from './output/render-error.ts';
import { processContext } from './process-context.ts';
import { usageError } from './usage-errors.ts';
import { VERSION } from './version.ts';

const COMMANDS = [
  registerIssue,
  registerList,
  registerShow,
  registerRotate,
  registerRotations,
  registerRollback,
  registerEmergency,
  registerClaim,
  registerDeliver,
  registerRenewal,
  registerStatus,
  registerExempt,
  registerSweep,
  registerAudit,
  registerAuditProof,
  registerAuditPublish,
  registerReport,
  registerVault,
  registerPepper,
  registerNotices,
  registerOwner,
  registerRecipients,
  registerWebhooks,
  registerDrill,
  registerDoctor,
];

/** Runs one command line in this process and answers with its exit code. */
export const main = (args: readonly string[]): Promise<ExitCode> => run(args, processContext());

/** Runs one command line in the given world. Never rejects: what goes wrong is on standard error. */
export async function run(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = buildProgram(context, (handler) => async (...handed) => {
    exitCode = await handler(invocation(context, globalOptions(program, context)), ...handed);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const failure = asCliError(error, program, args);
    // The command line may be what is wrong, so --json is looked for in the words themselves.
    const json = args.includes('--json');
    context.stderr.write(
      json ? errorJson(failure) : errorText(failure, paintFor(context.stderr, context.env)),
    );
    return failure.exitCode;
  }
}

function buildProgram(context: CliContext, handle: Handle): Command {
  const program = new Command('keyturn')
    .description('The life of API keys: issue, rotate without downtime, retire on evidence.')
    .version(VERSION)
    .option('--json', 'one JSON value on standard output, errors as JSON on standard error')
    .option('--stack <name>', 'name of the deployed stack', 'Keyturn')
    .option('--region <region>', 'AWS Region (default: as the AWS CLI finds it)')
    .option('--profile <name>', 'AWS profile')
    .addOption(
      new Option('--local', 'the running local cloud (or KEYTURN_TARGET=local)').conflicts([
        'stack',
        'region',
        'profile',
      ]),
    )
    .option('--yes', 'do not ask before what cannot be undone')
    .addHelpText('after', '\nWhat a command takes: keyturn <command> --help')
    .exitOverride()
    .configureHelp(HELP_LAYOUT)
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Said once, by run(), in the form that was asked for.
      writeErr: () => undefined,
    });
  // Sub-commands inherit exitOverride and the output when they are made, so these come last.
  for (const register of COMMANDS) register(program, handle);
  return program;
}

function globalOptions(program: Command, { env }: CliContext): GlobalOptions {
  const given = program.opts();
  const target = env.KEYTURN_TARGET;
  if (target !== undefined && target !== '' && target !== 'local' && target !== 'aws') {
    throw badUsage(`KEYTURN_TARGET is '${target}'.`, "Set it to 'local' or 'aws', or leave it out.");
  }
  return {
    json: given.json === true,
    stack: given.stack,
    region: given.region,
    profile: given.profile,
    local: given.local === true || target === 'local',
    yes: given.yes === true,
  };
}

function asCliError(error: unknown, program: Command, args: readonly string[]): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof CommanderError) {
    return usageError(error, [...namesOf(program, args), '--help'].join(' '));
  }
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CliError(
    'internal',
    `Keyturn's command itself failed: ${detail}`,
    "'keyturn doctor' checks the way to the deployment.",
    {
      cause: error,
    },
  );
}

/** The command that was meant and those above it: `keyturn webhooks show`. */
function namesOf(command: Command, args: readonly string[]): readonly string[] {
  const children = new Map(command.commands.map((each) => [each.name(), each]));
  const name = args.find((arg) => children.has(arg));
  const child = name === undefined ? undefined : children.get(name);
  return [command.name(), ...(child && name ? namesOf(child, args.slice(args.indexOf(name) + 1)) : [])];
}
