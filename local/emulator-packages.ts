/** Installing the emulator's pinned Python packages inside the checkout, once for all its local clouds. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from './file-lock.mjs';
import { LocalError } from './local-error.ts';
import type { Progress } from './progress.ts';
import { findPython, type Python } from './python.ts';
import { runCommand } from './run-command.ts';
import { CHECKOUT } from './state.ts';

const HOME = join(CHECKOUT, '.keyturn');
const VENV = join(HOME, 'venv');
const TARGET = join(HOME, 'python');
const REQUIREMENTS = join(CHECKOUT, 'local', 'requirements.txt');
// Inside what they describe, so that whoever deletes the packages deletes them too.
const VENV_STAMP = join(VENV, 'keyturn.json');
const TARGET_STAMP = join(TARGET, 'keyturn.json');
const PIP_INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];

/** How to run Python with the emulator's packages. */
export interface EmulatorPython {
  readonly executable: string;
  readonly modulePath: string | undefined;
}

interface Installation extends EmulatorPython {
  readonly requirements: string;
  readonly python: Python;
}

/** The Python to start the emulator with; installs the packages when they are missing or the pins have changed. */
export async function ensureEmulatorPackages(
  progress: Progress,
  signal?: AbortSignal,
): Promise<EmulatorPython> {
  const install = () => installUnlessCurrent(progress, signal);
  return withFileLock(join(HOME, 'emulator-packages.lock'), install, {
    signal,
    onWait: (pid) => progress.say(`  Waiting for process ${pid}, which is installing the emulator.`),
  });
}

async function installUnlessCurrent(progress: Progress, signal?: AbortSignal): Promise<EmulatorPython> {
  const python = await findPython();
  const requirements = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const present = readStamp(VENV_STAMP) ?? readStamp(TARGET_STAMP);
  if (present?.requirements === requirements && present.python.version === python.version) return present;

  const title = `Installing the emulator for Python ${python.version} (once per checkout)`;
  const installed = await progress.step(title, () => install(python, signal));
  const stamp = installed.modulePath ? TARGET_STAMP : VENV_STAMP;
  writeFileSync(stamp, JSON.stringify({ ...installed, requirements, python } satisfies Installation));
  return installed;
}

async function install(python: Python, signal?: AbortSignal): Promise<EmulatorPython> {
  mkdirSync(HOME, { recursive: true });
  const options = { title: 'Installing the emulator', logFile: join(HOME, 'install.log'), signal };
  const packages = ['--require-hashes', '--requirement', REQUIREMENTS];
  rmSync(VENV, { recursive: true, force: true });
  rmSync(TARGET, { recursive: true, force: true });
  writeFileSync(options.logFile, '');

  if (await succeeds(runCommand(python.path, ['-m', 'venv', VENV], options), signal)) {
    const executable = join(VENV, 'bin', 'python');
    await runCommand(executable, [...PIP_INSTALL, ...packages], options);
    return { executable, modulePath: undefined };
  }
  // Debian splits `venv` and `pip` off its Python: each alone is enough.
  if (!(await succeeds(runCommand(python.path, ['-m', 'pip', '--version'], options), signal))) {
    throw new LocalError(
      `${python.path} (${python.version}) has neither venv nor pip, and one is needed to install the emulator.\nInstall one of them, on Debian and Ubuntu with: apt install python3-venv. Log: ${options.logFile}`,
    );
  }
  await runCommand(python.path, [...PIP_INSTALL, '--target', TARGET, ...packages], options);
  return { executable: python.path, modulePath: TARGET };
}

async function succeeds(work: Promise<void>, signal?: AbortSignal): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

/** Undefined when nothing is installed there, or with a Python that is gone. */
function readStamp(path: string): Installation | undefined {
  if (!existsSync(path)) return undefined;
  const installation: Installation = JSON.parse(readFileSync(path, 'utf8'));
  return existsSync(installation.executable) ? installation : undefined;
}
