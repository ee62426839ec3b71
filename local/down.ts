/** Taking a local cloud down, and telling whether one is up. */
import { isEmulatorAlive, stopEmulator } from './emulator.ts';
import { emulatorHealth } from './emulator-health.ts';
import { type LocalCloud, readEmulatorRecord, readLocalCloud, removeLocalCloud } from './state.ts';
import { type UpOptions, withDirectoryLock } from './up.ts';

/**
 * What became of it: `stopped`; `forgotten` when somebody else runs the emulator; `cleared` when it had died before;
 * `not-running` when there was nothing.
 */
export type DownResult = 'stopped' | 'forgotten' | 'cleared' | 'not-running';

/** Ends what `up` started in this directory, with all the processes it runs, and nothing else. */
export async function takeDown(options: UpOptions): Promise<DownResult> {
  return withDirectoryLock(options, async () => {
    const record = readEmulatorRecord(options.directory);
    const cloud = readLocalCloud(options.directory);
    removeLocalCloud(options.directory);
    if (!record) return cloud?.pid === null ? 'forgotten' : cloud ? 'cleared' : 'not-running';
    const alive = isEmulatorAlive(record);
    await stopEmulator(options.directory, record);
    return alive ? 'stopped' : 'cleared';
  });
}

/** The local cloud of this directory if it is up and answers. */
export async function runningCloud(directory: string): Promise<LocalCloud | undefined> {
  const cloud = readLocalCloud(directory);
  const record = readEmulatorRecord(directory);
  if (!cloud) return undefined;
  // Another program on the same port would answer too: a cloud of our own must also be our own process.
  const isOurs = cloud.pid === null || (record?.pid === cloud.pid && isEmulatorAlive(record));
  return isOurs && (await emulatorHealth(cloud.endpoint)) ? cloud : undefined;
}
