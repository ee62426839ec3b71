// `npm test`: every test, or those that the arguments choose. Its last line is the count that CI reads.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, runNode } from '../cli/with-dependencies.mjs';
import { countTests } from './count-tests.mjs';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = join(CHECKOUT, 'node_modules', 'vitest', 'vitest.mjs');
const REPORT = join(CHECKOUT, '.keyturn', 'test-report.json');

async function main(vitestArguments) {
  await ensureDependencies();
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const exitCode = await runNode([VITEST, 'run', ...reporters, ...vitestArguments]);
  const { passed, failed, skipped } = countTests(readReport(), exitCode);
  if (passed + failed === 0) console.log('No test ran.');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return exitCode || (failed > 0 || passed === 0 ? 1 : 0);
}

function readReport() {
  return existsSync(REPORT) ? JSON.parse(readFileSync(REPORT, 'utf8')) : undefined;
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  console.log('0 passed, 1 failed, 0 skipped');
  return 1;
});
