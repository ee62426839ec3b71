// Plain Node without dependencies: the first thing that runs in a fresh clone.
// Usage: node cli/with-dependencies.mjs <file.ts> [arguments]
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFileLock } from '../local/file-lock.mjs';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const LEAST_NODE = 20;

/** Installs what the lock file names, unless exactly that is there already. Throws an `Error` that says the mend. */
export async function ensureDependencies() {
  if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
    throw new Error(
      `Node.js ${LEAST_NODE} or later is needed; this is ${process.version} (${process.execPath}). Install a newer one from nodejs.org or with your version manager.`,
    );
  }
  if (isPackage() || isInstalled()) return;
  await withFileLock(join(CHECKOUT, '.keyturn', 'install.lock'), installOnce, {
    onWait: (pid) => console.error(`Waiting for process ${pid}, which is installing the dependencies.`),
  });
}

/** Runs Node with these arguments in the foreground and returns the exit code a shell would report. */
export function runNode(args, stdio = 'inherit') {
  return exitCodeOf(spawn(process.execPath, args, { stdio }));
}

/** Runs a TypeScript file of this project in the foreground. */
export function runTypeScript(file, args, stdio = 'inherit') {
  return runNode(['--import', import.meta.resolve('tsx'), file, ...args], stdio);
}

/** Installed into an application, its packages came with it; a package never has a lock file of its own. */
function isPackage() {
  return CHECKOUT.split(sep).includes('node_modules') && !existsSync(join(CHECKOUT, 'package-lock.json'));
}

/** npm keeps a copy of what it installed; it must name every package of the lock file at the same version. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf(join('node_modules', '.package-lock.json'));
  if (!installed) return false;
  return Object.entries(wanted).every(([path, { version, integrity, link, optional, devOptional }]) => {
    const found = installed[path];
    if (path === '' || link) return true;
    // Optional packages are those of other platforms too: absent is fine, another version is not.
    if (!found) return Boolean(optional || devOptional);
    return found.version === version && found.integrity === integrity;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(CHECKOUT, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT' && file.startsWith('node_modules')) return undefined;
    throw new Error(
      `${join(CHECKOUT, file)} cannot be read: ${error.message}. Restore it, for example with git checkout.`,
    );
  }
}

async function installOnce() {
  if (isInstalled()) return;
  console.error('Installing the dependencies (npm ci) …');
  const log = join(CHECKOUT, '.keyturn', 'npm-ci.log');
  if ((await npm(['ci'], log)) === 0) return;
  // npm ci wants every platform's optional packages in the lock file, and npm leaves out those it could not see when
  // it wrote the file. Installing takes the locked versions all the same, and the packages of this platform.
  console.error(`npm ci refused (${log}). Installing the locked versions with npm install …`);
  const exitCode = await npm(['install', '--no-save']);
  if (exitCode !== 0) {
    throw new Error(
      `npm install ended with exit code ${exitCode}: see its message above, mend that, and run it again.`,
    );
  }
}

async function npm(args, logFile) {
  // Standard output belongs to the command that asked for the dependencies.
  const output = logFile ? openSync(logFile, 'w') : 2;
  try {
    const options = { cwd: CHECKOUT, stdio: ['ignore', output, output], shell: process.platform === 'win32' };
    return await exitCodeOf(spawn('npm', [...args, '--no-fund', '--no-audit', '--loglevel=error'], options));
  } finally {
    if (logFile) closeSync(output);
  }
}

function exitCodeOf(child) {
  const forward = (signal) => {
    // Ctrl-C in a terminal reaches the child by itself, and a second one means 'at once' to many programs.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    for (const signal of signals) process.off(signal, forward);
  });
}

async function main([file, ...args]) {
  await ensureDependencies();
  return runTypeScript(file, args);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    return 1;
  });
}
