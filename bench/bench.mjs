// `npm run bench`: measures and counts, and writes docs/performance.md and docs/cost.md. Any wrong word shows what it can do.
import { fileURLToPath } from 'node:url';
import { ensureDependencies, runTypeScript } from '../cli/with-dependencies.mjs';

async function main(args) {
  await ensureDependencies();
  return runTypeScript(fileURLToPath(new URL('src/main.ts', import.meta.url)), args);
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  return 1;
});
