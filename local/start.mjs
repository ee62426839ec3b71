// `npm start`: the whole life of an API key on a local cloud, which is taken down again unless it was up before.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, runNode, runTypeScript } from '../cli/with-dependencies.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const LOCAL = join(HERE, 'local.ts');
const KEYTURN = join(HERE, '..', 'cli', 'keyturn.mjs');
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** The exit code of an interruption, once there was one. */
let interruption;
for (const [signal, exitCode] of Object.entries(EXIT_CODES)) {
  process.on(signal, () => {
    interruption ??= exitCode;
  });
}

async function main(drillArguments) {
  await ensureDependencies();
  const wasUp = (await runTypeScript(LOCAL, ['status'], 'ignore')) === 0;
  // With an owner it also ends when this process is killed and cannot take it down.
  const owner = wasUp ? [] : ['--owner', String(process.pid)];
  const upExitCode = interruption ?? (await runTypeScript(LOCAL, ['up', ...owner]));
  if (upExitCode !== 0) return upExitCode;
  try {
    return interruption ?? (await runNode([KEYTURN, 'drill', '--local', ...drillArguments]));
  } finally {
    if (wasUp) console.log("The local cloud was up before and stays up; 'npm run local -- down' ends it.");
    else await runTypeScript(LOCAL, ['down']);
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  return 1;
});
process.exitCode = interruption ?? process.exitCode;
