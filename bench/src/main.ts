/** `npm run bench`: measures and counts, and writes what came of it to docs. */
import { COMMANDS, HELP } from './commands.ts';

const args = process.argv.slice(2);
const quick = args.includes('--quick');
const [name = 'authorizer', ...others] = args.filter((arg) => arg !== '--quick');
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (!command || others.length > 0) {
  console.error(`'${[...args].join(' ')}' is not what it can be asked for.\n\n${HELP}`);
  process.exit(2);
}

// The SDK's warning about old Node versions would stand between the lines of progress.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
// A proxy or profile of whoever runs this has no business here: everything listens on this machine.
for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL']) delete process.env[name];

console.log(await command(quick));
// Connections that are kept would keep the process.
process.exit(0);
