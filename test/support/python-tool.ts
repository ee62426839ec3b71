/** A Python package for tests alone, pinned with hashes and installed inside the checkout beside the emulator. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmulatorPython, ensureEmulatorPackages } from '../../local/emulator-packages.ts';
import { withFileLock } from '../../local/file-lock.mjs';
import { terminalProgress } from '../../local/progress.ts';
import { runCommand } from '../../local/run-command.ts';
import { CHECKOUT } from '../../local/state.ts';

export interface PythonTool {
  readonly python: EmulatorPython;
  /** The directory of its modules. */
  readonly modules: string;
}

/**
 * Installs it once for each version of Python and of its pins.
 *
 * @param name of its `<name>.requirements.txt` beside this file
 */
export async function ensurePythonTool(name: string): Promise<PythonTool> {
  const python = await ensureEmulatorPackages(terminalProgress());
  const requirements = fileURLToPath(new URL(`${name}.requirements.txt`, import.meta.url));
  const pins = createHash('sha256')
    .update(readFileSync(requirements))
    .update(python.executable)
    .digest('hex');
  const home = join(CHECKOUT, '.keyturn', name);
  const modules = join(home, pins.slice(0, 16));
  mkdirSync(home, { recursive: true });
  await withFileLock(join(home, 'install.lock'), () => install(name, python, requirements, modules));
  return { python, modules };
}

async function install(
  name: string,
  { executable }: EmulatorPython,
  requirements: string,
  modules: string,
): Promise<void> {
  if (existsSync(modules)) return;
  const draft = `${modules}.${process.pid}`;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
  const pinned = ['--require-hashes', '--requirement', requirements, '--target', draft];
  const logFile = join(modules, '..', 'install.log');
  await runCommand(executable, [...pip, ...pinned], { title: `Installing ${name}`, logFile });
  rmSync(modules, { recursive: true, force: true });
  renameSync(draft, modules);
}
