/** A private local cloud with nothing in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, stopEmulator } from '../../../local/emulator.ts';
import { emulatorHealth } from '../../../local/emulator-health.ts';
import { ensureEmulatorPackages } from '../../../local/emulator-packages.ts';
import type { Progress } from '../../../local/progress.ts';

export interface LocalCloud {
  readonly endpoint: string;
  /** The emulator's version. */
  readonly version: string;
}

/** It lives as long as `work`, and no longer than this process. */
export async function withLocalCloud<T>(
  progress: Progress,
  work: (cloud: LocalCloud) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-bench-store-'));
  const python = await ensureEmulatorPackages(progress);
  const record = await progress.step('Starting a local cloud of its own', () =>
    startEmulator({ directory, python, ownerPid: process.pid }),
  );
  try {
    const health = await emulatorHealth(record.endpoint);
    return await work({ endpoint: record.endpoint, version: health?.version ?? 'unknown' });
  } finally {
    await stopEmulator(directory, record);
    rmSync(directory, { recursive: true, force: true });
  }
}
