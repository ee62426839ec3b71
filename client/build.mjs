// `npm pack` in this directory: the sources as JavaScript for Node.js and browsers, and their types.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outdir = resolve(process.argv[2] ?? here('dist'));

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: ['index', 'node', 'new-key'].map((name) => here(`src/${name}.ts`)),
  outdir,
  bundle: true,
  // What the entries share is in files of its own; jose stays a dependency.
  splitting: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  external: ['jose', 'node:*'],
  logLevel: 'warning',
});
chmodSync(join(outdir, 'new-key.js'), 0o755);

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = join(typescript, '..', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '-p', here('tsconfig.json'), '--outDir', outdir], { stdio: 'inherit' });
// Declarations name the sources, which are not there.
for (const name of readdirSync(outdir).filter((file) => file.endsWith('.d.ts'))) {
  const text = readFileSync(join(outdir, name), 'utf8');
  writeFileSync(join(outdir, name), text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"));
}
copyFileSync(here('../LICENSE'), here('LICENSE'));
