// Plain Node without dependencies: it also guards the installing of the dependencies.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MILLISECONDS = 200;

/**
 * Runs `work` while this process alone holds the lock file; a lock whose process has died is taken over.
 *
 * @param {string} path of the lock file; its folder is made
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (holderPid: number) => void, signal?: AbortSignal, timeoutMilliseconds?: number }} [options]
 * @returns {Promise<T>}
 * @template T
 */
export async function withFileLock(path, work, { onWait, signal, timeoutMilliseconds = 600_000 } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const giveUpAt = Date.now() + timeoutMilliseconds;
  let told = false;
  while (!tryLock(path)) {
    const holder = holderOf(path);
    if (Date.now() > giveUpAt) {
      throw new Error(
        `Process ${holder} has held ${path} for ${timeoutMilliseconds / 1000} s. End it, or delete that file if it is another program.`,
      );
    }
    if (!told && holder) onWait?.(holder);
    told ||= Boolean(holder);
    await delay(POLL_MILLISECONDS, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    if (holderOf(path) === process.pid) rmSync(path, { force: true });
  }
}

function tryLock(path) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // A link appears whole or not at all, so nobody ever reads a lock without its holder.
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    removeIfDead(path);
    return false;
  } finally {
    unlinkSync(mine);
  }
}

function removeIfDead(path) {
  const holder = holderOf(path);
  if (holder === undefined || isAlive(holder)) return;
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    // Between reading and renaming, another process may have taken the lock over: then it gets it back.
    if (holderOf(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

function holderOf(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
