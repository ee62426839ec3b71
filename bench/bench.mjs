// `npm run bench`: measures the authorizer and writes docs/performance.md. `-- --quick` tries it and writes nothing.
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
