/** Starting and ending the emulator: one detached process group, on one loopback port, with its files in one directory. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { emulatorEnvironment } from './emulator-environment.ts';
import { emulatorHealth } from './emulator-health.ts';
import type { EmulatorPython } from './emulator-packages.ts';
import { freePort } from './free-port.ts';
import { LocalError } from './local-error.ts';
import { endGroup, hasArgument } from './process-group.ts';
import { tailOf } from './run-command.ts';
import { CHECKOUT, type EmulatorRecord, removeEmulatorRecord, writeEmulatorRecord } from './state.ts';

const LAUNCHER = join(CHECKOUT, 'local', 'emulator', 'launch.py');
const START_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 100;
const MOST_PORTS = 5;
export interface StartOptions {
  readonly directory: string;
  readonly python: EmulatorPython;
  /** The emulator ends when this process does, however that ended. */
  readonly ownerPid?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export const emulatorLog = (directory: string) => join(directory, 'emulator.log');

/** Whether the recorded process still is this emulator, and not another program that was given its number. */
export function isEmulatorAlive(record: EmulatorRecord): boolean {
  return hasArgument(record.pid, record.instance);
}

/**
 * Starts an emulator and waits until it answers. Its record is on disk before that, so that it can always be found.
 *
 * @throws LocalError with the end of its log, when it ends early or does not answer in time
 */
export async function startEmulator(options: StartOptions): Promise<EmulatorRecord> {
  let port = await freePort();
  for (let attempt = 1; ; attempt++) {
    const record = spawnEmulator(options, port);
    try {
      if (await untilHealthy(record, options.signal)) return record;
    } catch (error) {
      await stopEmulator(options.directory, record);
      throw error;
    }
    const why = `\nThe end of ${emulatorLog(options.directory)}:\n${tailOf(emulatorLog(options.directory))}`;
    await stopEmulator(options.directory, record);
    // The port may have been taken between choosing it and listening on it, and only then is another one worth a try.
    const next = await freePort(port);
    if (next === port || attempt === MOST_PORTS)
      throw new LocalError(`The emulator did not start on port ${port}.${why}`);
    port = next;
  }
}

/** Ends the emulator with the Lambda processes it runs, if it still runs, and removes its files. */
export async function stopEmulator(directory: string, record: EmulatorRecord): Promise<void> {
  if (isEmulatorAlive(record)) await endGroup(record.pid);
  rmSync(record.files, { recursive: true, force: true });
  removeEmulatorRecord(directory);
}

function spawnEmulator({ directory, python, ownerPid }: StartOptions, port: number): EmulatorRecord {
  // Not in the checkout: there, a Lambda function would find the checkout's packages when its own bundle lacks one.
  const files = mkdtempSync(join(tmpdir(), 'keyturn-local-'));
  for (const folder of ['tmp', 'home', 'state']) mkdirSync(join(files, folder), { recursive: true });
  const instance = `keyturn-${randomUUID()}`;
  const log = openSync(emulatorLog(directory), 'w');
  const child = spawn(python.executable, [LAUNCHER, instance, ...(ownerPid ? [String(ownerPid)] : [])], {
    detached: true,
    stdio: ['ignore', log, log],
    env: emulatorEnvironment(files, python, port, instance),
  });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  if (!child.pid)
    throw new LocalError(
      `${python.executable} cannot be started. Delete ${join(CHECKOUT, '.keyturn')} and run it again.`,
    );
  const record: EmulatorRecord = {
    instance,
    files,
    pid: child.pid,
    port,
    endpoint: `http://127.0.0.1:${port}`,
    startedAt: new Date().toISOString(),
    bootstrapped: false,
  };
  writeEmulatorRecord(directory, record);
  return record;
}

/** False when the process has ended instead. */
async function untilHealthy(record: EmulatorRecord, signal?: AbortSignal): Promise<boolean> {
  const giveUpAt = Date.now() + START_MILLISECONDS;
  while (Date.now() < giveUpAt) {
    signal?.throwIfAborted();
    const health = await emulatorHealth(record.endpoint);
    // Two checkouts that start at once can meet on a port: only the answer of our own process counts.
    if (health?.edition === record.instance) return true;
    if (!isEmulatorAlive(record)) return false;
    await delay(POLL_MILLISECONDS, undefined, { signal });
  }
  return false;
}
