#!/usr/bin/env node
// Plain Node, because it runs before anything that reads TypeScript is known to be installed.
import { ensureDependencies } from './with-dependencies.mjs';

// The AWS SDK's notice about old Node versions would stand between the error and whoever parses standard error.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const args = process.argv.slice(2);

async function run() {
  await ensureDependencies();
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('./main.ts');
  return main(args);
}

process.exitCode = await run().catch((error) => {
  const hint = "Run 'npm ci' in Keyturn's checkout and try again.";
  const failure = { error: { code: 'not-installed', message: error.message, hint } };
  console.error(
    args.includes('--json') ? JSON.stringify(failure) : `error: ${error.message}\nmend:  ${hint}`,
  );
  return 1;
});
