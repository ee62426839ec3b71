// `npm run client:size`: measures what a page loads of keyturn-client, and writes it into README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const README = here('README.md');
const TABLE = /(<!-- size -->\n)[\s\S]*?(<!-- \/size -->)/;

async function measured(external) {
  const { outputFiles } = await build({
    entryPoints: [here('src/index.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external,
  });
  const [{ contents }] = outputFiles;
  return { minified: contents.length, gzipped: gzipSync(contents, { level: 9 }).length };
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
const row = (what, { minified, gzipped }) => `| ${what} | ${kilobytes(minified)} | ${kilobytes(gzipped)} |`;

/** The table as it is by now. */
export async function sizeTable() {
  return [
    '| `createKeyHolder` and all that it needs | minified | and gzipped |',
    '| --- | ---: | ---: |',
    row('without jose', await measured(['jose'])),
    row('with jose', await measured([])),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const table = await sizeTable();
  writeFileSync(README, readFileSync(README, 'utf8').replace(TABLE, `$1${table}\n$2`));
  console.log(table);
}
