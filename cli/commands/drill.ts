import type { ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { httpUrl } from '../options/values.ts';
import type { Register } from './register.ts';

interface DrillOptions {
  readonly url?: string;
  readonly httpUrl?: string;
}

/** `keyturn drill`: the whole story on throw-away keys, against the stack that is deployed. */
export const registerDrill: Register = (program, handle) => {
  program
    .command('drill')
    .description('Rehearse everything on throw-away keys: refusals, clients, a rotation, an emergency')
    .option('--url <url>', "the MCP server behind the REST API (default: the stack's)", httpUrl)
    .option('--http-url <url>', "the MCP server behind the HTTP API (default: the stack's)", httpUrl)
    .action(handle(drill));
};

async function drill(run: Invocation, options: DrillOptions): Promise<ExitCode> {
  // Loaded here, so that no other command waits for the MCP client to load.
  const { playDrill } = await import('../drill/play-drill.ts');
  return playDrill(run, { rest: options.url, http: options.httpUrl });
}
