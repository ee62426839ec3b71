/** Finding a Python that can run the emulator. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LocalError } from './local-error.ts';

const LEAST_MINOR = 10;
const NAMES = ['python3', 'python', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const PROBE = 'import sys; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))';
const PROBE_MILLISECONDS = 10_000;

export interface Python {
  readonly path: string;
  readonly version: string;
}

/** Asks one program for its path and version; undefined when it is missing or no Python 3. */
export type ProbePython = (name: string) => Promise<Python | undefined>;

/**
 * The first usable Python: `KEYTURN_PYTHON` if set, else the usual names on the PATH.
 *
 * @throws LocalError that lists what was found
 */
export async function findPython(
  env: NodeJS.ProcessEnv = process.env,
  probe: ProbePython = probePython,
): Promise<Python> {
  const chosen = env.KEYTURN_PYTHON;
  const found: Python[] = [];
  for (const name of chosen ? [chosen] : NAMES) {
    const python = await probe(name);
    if (python && isUsable(python.version)) return python;
    if (python) found.push(python);
  }
  throw new LocalError(explain(chosen, found));
}

function isUsable(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= LEAST_MINOR);
}

function explain(chosen: string | undefined, found: readonly Python[]): string {
  const seen = found.map(({ path, version }) => `${path} (${version})`).join(', ') || 'none';
  const where = chosen ? `KEYTURN_PYTHON=${chosen}` : `the PATH (${NAMES.join(', ')})`;
  return [
    `The local cloud needs Python 3.${LEAST_MINOR} or later; found at ${where}: ${seen}.`,
    'Install one (Debian and Ubuntu: apt install python3 python3-venv; macOS: brew install python3),',
    'or set KEYTURN_PYTHON to the path of one, or set AWS_ENDPOINT_URL to an emulator that already runs.',
  ].join('\n');
}

async function probePython(name: string): Promise<Python | undefined> {
  try {
    const { stdout } = await promisify(execFile)(name, ['-c', PROBE], { timeout: PROBE_MILLISECONDS });
    const [path, version] = stdout.trim().split(/\r?\n/);
    return path && version ? { path, version } : undefined;
  } catch {
    return undefined;
  }
}
