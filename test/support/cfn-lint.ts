/** cfn-lint, installed inside the checkout beside the emulator and run by the same Python. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type EmulatorPython, ensureEmulatorPackages } from '../../local/emulator-packages.ts';
import { terminalProgress } from '../../local/progress.ts';
import { runCommand } from '../../local/run-command.ts';
import { CHECKOUT } from '../../local/state.ts';

const HOME = join(CHECKOUT, '.keyturn', 'cfn-lint');
const REQUIREMENTS = fileURLToPath(new URL('cfn-lint.requirements.txt', import.meta.url));
/** The CDK itself writes dependencies that a reference already makes. */
const IGNORED = 'W3005';

/** What its command does; a directory of modules has no commands. */
const START = 'from cfnlint.runner import main; main()';

interface Match {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** What cfn-lint finds in a template, warnings included, as `rule path: message`. */
export async function lintTemplate(templateFile: string): Promise<string[]> {
  const python = await ensureEmulatorPackages(terminalProgress());
  const modules = await ensureInstalled(python);
  const options = ['--format', 'json', '--ignore-checks', IGNORED, '--regions', 'us-east-1', 'eu-central-1'];
  const { stdout } = await promisify(execFile)(
    python.executable,
    ['-c', START, ...options, '--template', templateFile],
    { env: { ...process.env, PYTHONPATH: modules } },
  ).catch((error: { readonly stdout?: string; readonly stderr?: string }) => {
    // It exits with what it found; without any finding on its output it broke.
    if (!error.stdout?.startsWith('[')) throw new Error(`cfn-lint broke: ${error.stderr ?? String(error)}`);
    return { stdout: error.stdout };
  });
  return (JSON.parse(stdout) as Match[]).map(
    ({ Rule, Message, Location }) => `${Rule.Id} ${(Location.Path ?? []).join('/')}: ${Message}`,
  );
}

/** @returns the directory of its modules; each version of Python and of the pins has one of its own */
async function ensureInstalled({ executable }: EmulatorPython): Promise<string> {
  const pins = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(executable).digest('hex');
  const directory = join(HOME, pins.slice(0, 16));
  if (existsSync(directory)) return directory;
  mkdirSync(HOME, { recursive: true });
  const draft = `${directory}.${process.pid}`;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
  await runCommand(
    executable,
    [...pip, '--require-hashes', '--requirement', REQUIREMENTS, '--target', draft],
    {
      title: 'Installing cfn-lint',
      logFile: join(HOME, 'install.log'),
    },
  );
  rmSync(directory, { recursive: true, force: true });
  renameSync(draft, directory);
  return directory;
}
