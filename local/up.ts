/** Bringing a local cloud up: an emulator that answers, with the stack deployed to it, described in `local.json`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, deploy, deployLog, REGION, STACK_NAME } from './deploy.ts';
import { describeCloud } from './describe-cloud.ts';
import { isEmulatorAlive, startEmulator, stopEmulator } from './emulator.ts';
import { emulatorHealth } from './emulator-health.ts';
import { ensureEmulatorPackages } from './emulator-packages.ts';
import { withFileLock } from './file-lock.mjs';
import { LocalError } from './local-error.ts';
import type { Progress } from './progress.ts';
import { turnOnPepperRotation } from './secrets-driver/pepper-rotation.ts';
import {
  type EmulatorRecord,
  type LocalCloud,
  readEmulatorRecord,
  removeLocalCloud,
  writeEmulatorRecord,
} from './state.ts';
import { verifySender } from './verify-sender.ts';

export interface UpOptions {
  readonly directory: string;
  readonly progress: Progress;
  /** Ends the emulator when this process has ended. */
  readonly ownerPid?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Options of the application beside its own for the local cloud. */
  readonly context?: Readonly<Record<string, string>> | undefined;
}

/**
 * Starts what does not run yet, and deploys. Repeating it deploys what has changed since.
 * After a failure or an abort, nothing that this call started is left running.
 *
 * @throws LocalError that says what failed and where to read more
 */
export async function bringUp(options: UpOptions): Promise<LocalCloud> {
  const external = process.env.AWS_ENDPOINT_URL;
  return withDirectoryLock(options, () => {
    rmSync(deployLog(options.directory), { force: true });
    return external ? upOn(external, options) : upOnOwn(options);
  });
}

/** One `up` or `down` at a time in one state directory. */
export function withDirectoryLock<T>(
  { directory, progress, signal }: UpOptions,
  work: () => Promise<T>,
): Promise<T> {
  return withFileLock(join(directory, 'local.lock'), work, {
    signal,
    onWait: (pid) => progress.say(`Waiting for process ${pid}, which is changing this local cloud.`),
  });
}

async function upOnOwn(options: UpOptions): Promise<LocalCloud> {
  const { directory, progress, signal } = options;
  const running = await runningEmulator(options);
  if (running) return deployTo(running, options);

  progress.say('Starting the local cloud.');
  const python = await ensureEmulatorPackages(progress, signal);
  const started = await progress.step('Starting MiniStack', () => startEmulator({ ...options, python }));
  try {
    return await deployTo(started, options);
  } catch (error) {
    removeLocalCloud(directory);
    await stopEmulator(directory, started);
    throw error;
  }
}

/** The emulator that this directory's last `up` left running; what is left of a dead one is cleared away. */
async function runningEmulator({ directory, progress }: UpOptions): Promise<EmulatorRecord | undefined> {
  const record = readEmulatorRecord(directory);
  if (record && isEmulatorAlive(record) && (await emulatorHealth(record.endpoint))) {
    progress.say(
      `The local cloud is already running at ${record.endpoint} (process ${record.pid}). Deploying again.`,
    );
    return record;
  }
  removeLocalCloud(directory);
  if (record) {
    progress.say(
      `The local cloud of ${record.startedAt} (process ${record.pid}) no longer answers. Clearing it away.`,
    );
    await stopEmulator(directory, record);
  }
  return undefined;
}

async function deployTo(record: EmulatorRecord, options: UpOptions): Promise<LocalCloud> {
  const { directory, progress, signal, context } = options;
  const target = { endpoint: record.endpoint, directory, signal, context };
  if (!record.bootstrapped) {
    await progress.step('cdk bootstrap', () => bootstrap(target));
    writeEmulatorRecord(directory, { ...record, bootstrapped: true });
  }
  await verifySender({ endpoint: target.endpoint, region: REGION }, context);
  const outputs = await progress.step(`cdk deploy ${STACK_NAME}`, () => deploy(target));
  // As the stack's schedule does on AWS.
  await turnOnPepperRotation({ endpoint: record.endpoint, region: REGION, stackName: STACK_NAME, outputs });
  return describeCloud(record, outputs, directory);
}

/** An emulator that somebody else runs is deployed to, and never started or ended from here. */
async function upOn(
  endpoint: string,
  { directory, progress, signal, context }: UpOptions,
): Promise<LocalCloud> {
  progress.say(`Using the emulator at AWS_ENDPOINT_URL=${endpoint}.`);
  if (!(await emulatorHealth(endpoint))) {
    throw new LocalError(
      `No AWS emulator answers at AWS_ENDPOINT_URL=${endpoint}. Start it, or unset AWS_ENDPOINT_URL to have one started.`,
    );
  }
  const target = { endpoint, directory, signal, context };
  await progress.step('cdk bootstrap', () => bootstrap(target));
  await verifySender({ endpoint: target.endpoint, region: REGION }, context);
  const outputs = await progress.step(`cdk deploy ${STACK_NAME}`, () => deploy(target));
  const { port, protocol } = new URL(endpoint);
  const defaultPort = protocol === 'https:' ? 443 : 80;
  const startedAt = new Date().toISOString();
  return describeCloud(
    { endpoint, pid: null, port: Number(port) || defaultPort, startedAt },
    outputs,
    directory,
  );
}
