/** `npm run local -- up|status|down|rotate-secret|mail-events`: a local cloud that stays until it is taken down. */
import { constants } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { contextValue } from './context-value.ts';
import { runningCloud, takeDown } from './down.ts';
import { LocalError } from './local-error.ts';
import { keptMail, publishMailEvents } from './mail-driver/publish-mail-events.ts';
import { terminalProgress } from './progress.ts';
import { type RotateSecretOptions, rotateSecret } from './secrets-driver/rotate-secret.ts';
import { type LocalCloud, localCloudFile, stateDirectory } from './state.ts';
import { bringUp } from './up.ts';

const directory = stateDirectory();
const progress = terminalProgress();
const BAD_USAGE = 2;
const DOWN_MESSAGES = {
  stopped: 'The local cloud is stopped.',
  forgotten: 'Forgotten. The emulator at AWS_ENDPOINT_URL was not started from here and goes on running.',
  cleared: 'The local cloud had already ended; what it left is cleared away.',
  'not-running': 'No local cloud is running here.',
};

function describe(cloud: LocalCloud): string {
  const who = cloud.pid ? `process ${cloud.pid}` : 'not started from here';
  return [
    `Local cloud   ${cloud.endpoint} (${cloud.cloud.name} ${cloud.cloud.version}, ${who})`,
    `Stack         ${cloud.stackName} in ${cloud.region}`,
    ...(cloud.mcpUrl ? [`MCP server    ${cloud.mcpUrl}`] : []),
    ...(cloud.mcpHttpUrl ? [`  (HTTP API)  ${cloud.mcpHttpUrl}`] : []),
    ...(cloud.outputs['DeliveryUrl'] ? [`Delivery API  ${cloud.outputs['DeliveryUrl']}`] : []),
    ...(cloud.pid ? [`Mail          ${cloud.endpoint}/_ministack/ses/messages`] : []),
    `Described in  ${localCloudFile(directory)}`,
  ].join('\n');
}

interface UpCommand {
  readonly owner?: number;
  readonly context?: Readonly<Record<string, string>>;
}

async function up({ owner, context }: UpCommand): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupt.abort(signal));
  }
  try {
    console.log(
      describe(await bringUp({ directory, progress, ownerPid: owner, context, signal: interrupt.signal })),
    );
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    progress.say('Interrupted. What was started is ended again.');
    process.exitCode = 128 + constants.signals[interrupt.signal.reason as NodeJS.Signals];
  }
}

async function status({ json }: { json?: boolean }): Promise<void> {
  const cloud = await runningCloud(directory);
  if (json) console.log(JSON.stringify(cloud ? { running: true, ...cloud } : { running: false }, null, 2));
  else
    console.log(
      cloud ? describe(cloud) : `${DOWN_MESSAGES['not-running']} Start one with 'npm run local -- up'.`,
    );
  process.exitCode = cloud ? 0 : 1;
}

async function down(): Promise<void> {
  console.log(DOWN_MESSAGES[await takeDown({ directory, progress })]);
}

async function rotate(secretId: string, options: RotateSecretOptions): Promise<void> {
  const cloud = await runningCloud(directory);
  if (!cloud) {
    throw new LocalError(`${DOWN_MESSAGES['not-running']} Start one with 'npm run local -- up'.`);
  }
  await rotateSecret(cloud, secretId, options, progress);
}

async function tellOfMail(address: string | undefined): Promise<void> {
  const cloud = await runningCloud(directory);
  if (!cloud) {
    throw new LocalError(`${DOWN_MESSAGES['not-running']} Start one with 'npm run local -- up'.`);
  }
  const sent = await keptMail(cloud.endpoint);
  const mails = sent.filter(({ To }) => address === undefined || To.includes(address));
  await publishMailEvents(cloud, mails);
  progress.say(`Told what became of ${mails.length} ${mails.length === 1 ? 'mail' : 'mails'}.`);
}

function processId(text: string): number {
  const pid = Number(text);
  if (Number.isInteger(pid) && pid > 0) return pid;
  throw new InvalidArgumentError('A process id is a positive whole number.');
}

const program = new Command('npm run local --')
  .description('A local cloud with the stack deployed to it.')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : BAD_USAGE));
program
  .command('up')
  .description('start it, or deploy again to the one that runs')
  .option('--owner <pid>', 'end the local cloud when this process has ended', processId)
  .option(
    '-c, --context <name=value>',
    'option of the application; repeatable, for this deployment',
    contextValue,
  )
  .action(up);
program
  .command('status')
  .description('say what runs; exit code 1 if nothing does')
  .option('--json')
  .action(status);
program
  .command('rotate-secret')
  .description(
    "rotate a key's secret, or the pepper, as Secrets Manager does on AWS, by calling its rotation function",
  )
  .argument('<secretId>', 'name or ARN, such as keyturn/<keyId>, or pepper')
  .option('--token <uuid>', 'of a rotation that has failed, to begin it again')
  .option('--test', 'only testSecret, as when rotation is turned on without rotating at once')
  .action(rotate);
program
  .command('mail-events')
  .description(
    "tell the stack what became of the mail that it sent, as Amazon SES does on AWS; the simulator's addresses decide",
  )
  .argument('[address]', 'of mail to this address alone')
  .action(tellOfMail);
program.command('down').description('end what up started').action(down);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LocalError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
