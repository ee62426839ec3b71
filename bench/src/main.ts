/** `npm run bench`: measures, and writes what was measured to docs/performance.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { terminalProgress } from '../../local/progress.ts';
import { CHECKOUT } from '../../local/state.ts';
import { page } from './report/page.ts';
import { run } from './run.ts';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const unknown = args.filter((arg) => arg !== '--quick');
if (unknown.length > 0) {
  console.error(`There is no option ${unknown.join(' ')}. The only one is --quick, which writes no page.`);
  process.exit(2);
}

// The SDK's warning about old Node versions would stand between the lines of progress.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
// A proxy or profile of whoever runs this has no business here: everything listens on this machine.
for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL']) delete process.env[name];

const text = page(await run(terminalProgress(), quick));
if (quick) console.log(text);
else {
  const file = join(CHECKOUT, 'docs', 'performance.md');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`Written to ${file}.`);
}
