/** better-auth, which the benchmark compares with: packages of its own, installed when they are first needed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../../local/state.ts';

const DIRECTORY = join(CHECKOUT, 'bench', 'better-auth');
const INSTALLED = join(DIRECTORY, 'node_modules', '.package-lock.json');

/** What it keeps its keys in. SQLite needs a driver that is compiled or downloaded: not every machine has it. */
export const STORES = ['memory', 'secondary', 'sqlite'] as const;
export type BetterAuthStore = (typeof STORES)[number];

export const STORE_NAMES: Readonly<Record<BetterAuthStore, string>> = {
  memory: 'its memory adapter',
  secondary: 'its secondary storage, a map in memory',
  sqlite: 'SQLite in memory (better-sqlite3)',
};

export const VERIFY_SCRIPT = join(DIRECTORY, 'verify.mjs');

/** @returns the stores that can be measured here */
export function installBetterAuth(): readonly BetterAuthStore[] {
  if (!isInstalled()) {
    const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: DIRECTORY,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error(`npm ci failed in ${DIRECTORY}: see its message above.`);
  }
  return STORES.filter((store) => store !== 'sqlite' || hasSqlite());
}

export function betterAuthVersions(): Readonly<Record<string, string>> {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(DIRECTORY, 'package.json'), 'utf8'),
  );
  return {
    'better-auth': dependencies['better-auth'],
    '@better-auth/api-key': dependencies['@better-auth/api-key'],
    'better-sqlite3': optionalDependencies['better-sqlite3'],
  };
}

const isInstalled = (): boolean =>
  existsSync(INSTALLED) &&
  statSync(INSTALLED).mtimeMs >= statSync(join(DIRECTORY, 'package-lock.json')).mtimeMs;

function hasSqlite(): boolean {
  const script = "new (await import('better-sqlite3')).default(':memory:')";
  return (
    spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: DIRECTORY }).status === 0
  );
}
