// `npm test`: every test, or those that the arguments choose. Its last line is the count that CI reads.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, runNode } from '../cli/with-dependencies.mjs';
import { countTests } from './count-tests.mjs';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = join(CHECKOUT, 'node_modules', 'vitest', 'vitest.mjs');
const REPORTS = join(CHECKOUT, '.keyturn', 'test-reports');

/** One after another; those within one at the same time: end-to-end tests wait more than they compute. */
const ALL = [
  [['--project', 'unit']],
  [
    ['--project', 'local-cloud', '--shard=1/3'],
    ['--project', 'local-cloud', '--shard=2/3'],
    ['--project', 'local-cloud', '--shard=3/3'],
  ],
];

async function main(vitestArguments) {
  await ensureDependencies();
  // Two runs that each redraw the end of one terminal could not be read.
  if (vitestArguments.length === 0) process.env.CI ??= 'true';
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  const counts = [];
  for (const runs of vitestArguments.length > 0 ? [[vitestArguments]] : ALL) {
    counts.push(...(await Promise.all(runs.map((args, place) => run(args, `${counts.length + place}`)))));
  }
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map((word) =>
    counts.reduce((sum, count) => sum + count[word], 0),
  );
  if (passed + failed === 0) console.log('No test ran.');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

async function run(vitestArguments, name) {
  const report = join(REPORTS, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const exitCode = await runNode([VITEST, 'run', ...reporters, ...vitestArguments]);
  return countTests(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, exitCode);
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  console.log('0 passed, 1 failed, 0 skipped');
  return 1;
});
