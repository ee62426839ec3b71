import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withFileLock } from '../../../local/file-lock.mjs';

const MODULE = fileURLToPath(new URL('../../../local/file-lock.mjs', import.meta.url));
let directory: string;
let lock: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'file-lock-'));
  lock = join(directory, 'deeper', 'lock');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('withFileLock', () => {
  it('holds the lock during the work and lets go of it, also when the work fails', async () => {
    await expect(withFileLock(lock, async () => readFileSync(lock, 'utf8'))).resolves.toBe(
      String(process.pid),
    );
    await expect(withFileLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over the lock of a process that has died', async () => {
    await withFileLock(lock, async () => undefined);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(lock, String(pid));
    await expect(withFileLock(lock, async () => 'done')).resolves.toBe('done');
  });

  it('waits for a living holder, says so once, and gives up with the name of the file', async () => {
    const onWait = vi.fn();
    await withFileLock(lock, async () => {
      const waiting = withFileLock(lock, async () => undefined, { onWait, timeoutMilliseconds: 500 });
      await expect(waiting).rejects.toThrow(lock);
    });
    expect(onWait.mock.calls).toEqual([[process.pid]]);
  });

  it('lets processes in one at a time', async () => {
    const log = join(directory, 'log');
    const program = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as delay } from 'node:timers/promises';
      const { withFileLock } = await import(${JSON.stringify(MODULE)});
      await withFileLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, 'in ');
        await delay(50);
        appendFileSync(${JSON.stringify(log)}, 'out ');
      });`;
    const processes = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' }),
    );
    const exits = await Promise.all(
      processes.map((each) => new Promise((resolve) => each.once('exit', resolve))),
    );
    expect(exits).toEqual([0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(5));
  });
});
