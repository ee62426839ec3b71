import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));
const LOCK = { packages: { '': {}, 'node_modules/tsx': { version: '4.0.0', integrity: 'sha512-a' } } };
/** Stands in for npm: notes that it ran and installs what the lock file names. */
const NPM = `#!/bin/sh
echo "$1" >> npm-runs
[ "$1" != "$REFUSED" ] || exit 1
mkdir -p node_modules
cp package-lock.json node_modules/.package-lock.json
mkdir -p node_modules/tsx
echo '{ "name": "tsx", "exports": "./index.mjs" }' > node_modules/tsx/package.json
: > node_modules/tsx/index.mjs
`;
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'with-dependencies-'));
  for (const file of ['cli/with-dependencies.mjs', 'local/file-lock.mjs']) {
    mkdirSync(join(clone, dirname(file)), { recursive: true });
    cpSync(join(CHECKOUT, file), join(clone, file));
  }
  mkdirSync(join(clone, 'bin'));
  writeFileSync(join(clone, 'bin', 'npm'), NPM, { mode: 0o755 });
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(LOCK));
  writeFileSync(
    join(clone, 'program.mjs'),
    'console.log(process.argv.slice(2).join()); process.exitCode = 7;',
  );
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function run(args: string[] = [], refused = 'nothing') {
  return spawnSync(process.execPath, ['cli/with-dependencies.mjs', 'program.mjs', ...args], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...process.env, REFUSED: refused, PATH: `${join(clone, 'bin')}:${process.env.PATH}` },
  });
}

const npmRuns = () => readFileSync(join(clone, 'npm-runs'), 'utf8').trim().split('\n');

describe('with-dependencies', () => {
  it('installs in a fresh clone, and runs the program with its arguments and exit code', () => {
    const { status, stdout, stderr } = run(['a', '--b']);
    expect({ status, stdout }, stderr).toEqual({ status: 7, stdout: 'a,--b\n' });
    expect(npmRuns()).toEqual(['ci']);
  });

  it('installs again only when the lock file names other packages', () => {
    run();
    run();
    expect(npmRuns()).toEqual(['ci']);
    writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(LOCK).replace('4.0.0', '4.0.1'));
    run();
    expect(npmRuns()).toEqual(['ci', 'ci']);
  });

  it('installs the locked versions when npm ci refuses, and says so when that fails too', () => {
    expect(run([], 'ci').status).toBe(7);
    expect(npmRuns()).toEqual(['ci', 'install']);
    rmSync(join(clone, 'node_modules'), { recursive: true });
    writeFileSync(join(clone, 'bin', 'npm'), '#!/bin/sh\nexit 9\n');
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain('npm install ended with exit code 9');
  });

  it('says when the lock file is missing', () => {
    rmSync(join(clone, 'package-lock.json'));
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toMatch(/package-lock\.json cannot be read/);
  });
});
