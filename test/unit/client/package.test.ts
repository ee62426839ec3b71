/** `keyturn-client` as it is packed: what it loads, what its types say, and the figures in its README. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sizeTable } from '../../../client/size.mjs';
import { PROOF_TYPES } from '../../../lambdas/core/domain/renewal-proof.ts';
import { RENEWALS_PATH } from '../../../rules/delivery-paths.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Inside the checkout, where its one dependency is found. */
const OUT = join(ROOT, '.keyturn', `client-${process.pid}`);
const README = readFileSync(join(ROOT, 'client/README.md'), 'utf8');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'client/package.json'), 'utf8'));

beforeAll(() => {
  mkdirSync(OUT, { recursive: true });
  execFileSync(process.execPath, [join(ROOT, 'client/build.mjs'), OUT], { stdio: 'pipe' });
}, 60_000);
afterAll(() => rmSync(OUT, { recursive: true, force: true }));

const importsIn = (name: string): string[] =>
  [...readFileSync(join(OUT, name), 'utf8').matchAll(/\bfrom\s*["']([^"']+)["']/g)].map(
    ([, from]) => from as string,
  );

/** Everything that loading this file loads, by name. */
function loadedBy(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  if (name.startsWith('./')) for (const each of importsIn(name)) loadedBy(each, seen);
  return seen;
}

describe('the package', () => {
  it('has what its manifest names', () => {
    const named = [MANIFEST.exports['.'], MANIFEST.exports['./node']].flatMap(Object.values);
    for (const path of [...named, MANIFEST.bin['keyturn-client']] as string[]) {
      expect(readdirSync(OUT)).toContain(path.split('/').at(-1));
    }
  });

  it('loads jose and nothing else, and what Node.js has by its own entry alone', () => {
    const packages = (entry: string) => [...loadedBy(entry)].filter((name) => !name.startsWith('./')).sort();
    expect(packages('./index.js')).toEqual(['jose']);
    expect(packages('./node.js').filter((name) => !name.startsWith('node:'))).toEqual(['jose']);
    expect(packages('./node.js')).toContain('node:fs/promises');
    expect(MANIFEST.dependencies).toEqual({
      jose: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).dependencies.jose,
    });
  });

  it('runs as JavaScript', async () => {
    const client = await import(pathToFileURL(join(OUT, 'index.js')).href);
    expect(client.deprecationIn('deprecating; version=3')).toEqual({ version: 3 });
    expect((await client.newSigningKey()).thumbprint).toMatch(/^[\w-]{43}$/);
  });

  it('makes a key pair, and never writes the public key over the private one', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(OUT, 'new-key.js'), 'new-key', ...args], { encoding: 'utf8' });
    const file = join(OUT, 'signing.jwk');
    expect(run(file, join(OUT, '.', 'signing.jwk')).status).toBe(2);
    expect(readdirSync(OUT)).not.toContain('signing.jwk');
    expect(run(file)).toMatchObject({ status: 0, stdout: expect.stringContaining(`${file}.public`) });
    expect(JSON.parse(readFileSync(`${file}.public`, 'utf8'))).not.toHaveProperty('d');
    expect(run(file).stdout).toBe(run(file, `${file}.public`).stdout);
  });

  it('has types that a strict application compiles against', () => {
    const file = join(OUT, 'application.ts');
    writeFileSync(
      file,
      `import { createKeyHolder, memoryStore, newSigningKey, type KeyHolder } from './index.js';
import { fileStore } from './node.js';
const options = { keyId: 'a', renewalUrl: 'b', apis: ['c'], signingKey: await newSigningKey() };
const holder: KeyHolder = createKeyHolder({ ...options, store: memoryStore() });
createKeyHolder({ ...options, store: fileStore('d') });
export const answer: Promise<Response> = holder.fetch('e');
// @ts-expect-error: an option is missing
createKeyHolder({ ...options });
`,
    );
    const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '..', 'bin', 'tsc');
    const flags = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext', '--ignoreConfig'];
    const run = () => execFileSync(process.execPath, [tsc, ...flags, file], { encoding: 'utf8', cwd: ROOT });
    expect(run).not.toThrow();
  });
});

describe('its README', () => {
  it('has the size that is measured', async () => {
    const [, table = ''] = /<!-- size -->\n([\s\S]*?)\n<!-- \/size -->/.exec(README) ?? [];
    const figures = (text: string) => [...text.matchAll(/([\d.]+) KB/g)].map(([, number]) => Number(number));
    const measured = figures(await sizeTable());
    expect(figures(table)).toHaveLength(4);
    // How far gzip gets differs a little from one release of Node.js to another.
    figures(table).forEach((figure, index) => {
      expect(Math.abs(figure - (measured[index] as number))).toBeLessThan(0.25);
    });
  });

  it('lists every option, and no other', () => {
    const source = readFileSync(join(ROOT, 'client/src/key-holder.ts'), 'utf8');
    const [, body = ''] = /interface KeyHolderOptions \{([\s\S]*?)^\}/m.exec(source) ?? [];
    const options = [...body.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
    const [, table = ''] = /\| option \|.*\n\|.*\n((?:\|.*\n)*)/.exec(README) ?? [];
    expect([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)).toEqual(options);
  });

  it('names the protocol as the deployment speaks it', () => {
    for (const type of Object.values(PROOF_TYPES)) expect(README).toContain(`\`${type}\``);
    expect(README).toContain(`<DeliveryUrl>/${RENEWALS_PATH}/<keyId>`);
    expect(readFileSync(join(ROOT, 'client/src/protocol.ts'), 'utf8')).toContain(`/${RENEWALS_PATH}/`);
  });
});
