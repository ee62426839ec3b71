/** From the command to the drill and back: what it is played on, where its story goes, how it ends. */
import type { Connection } from '../connect.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { paintFor } from '../output/paint.ts';
import { CallRecorder } from './call-recorder.ts';
import { runDrill } from './drill.ts';
import { type DrillContext, DrillInterrupted, type Endpoint, type Pace } from './drill-context.ts';
import { ThrowAwayKeys } from './drill-key.ts';
import { drillSummary } from './render-drill.ts';
import { Story } from './story.ts';

const PACE: Pace = { callEveryMs: 250, pollEveryMs: 500, judgementSlackMs: 30_000 };

/** Addresses of MCP servers that replace the stack's own. */
export interface DrillUrls {
  readonly rest: string | undefined;
  readonly http: string | undefined;
}

export async function playDrill(run: Invocation, urls: DrillUrls): Promise<ExitCode> {
  const connection = await run.connect();
  const endpoints = endpointsOf(connection, urls);
  // The result owns standard output; with --json the story goes beside it.
  const sink = run.options.json ? run.context.stderr : run.context.stdout;
  const paint = paintFor(sink, run.context.env);
  const story = new Story({
    write: (text) => sink.write(text),
    live: sink.isTTY === true,
    paint,
    now: run.context.now,
  });
  sink.write(`Keyturn drill on stack ${connection.target.stackName} (${connection.target.place})\n`);
  for (const { api, url } of endpoints) sink.write(`  ${api}  ${url}\n`);
  if (endpoints.length === 1) sink.write('  no HTTP API in this stack: its steps are left out\n');
  const result = await run.context.interruptible((signal) =>
    runDrill(drillContext(run, connection, endpoints, story, signal)),
  );
  run.result(result, () => drillSummary(result, paint));
  return result.ok ? EXIT.done : EXIT.failed;
}

function endpointsOf({ target }: Connection, urls: DrillUrls): readonly [Endpoint, ...Endpoint[]] {
  const rest = urls.rest ?? target.mcpRestUrl;
  const http = urls.http ?? target.mcpHttpUrl;
  if (!rest) {
    throw new CliError(
      'no-mcp-server',
      `Stack '${target.stackName}' names no MCP server to drill with.`,
      'Name one behind the REST API with --url; it needs the tools of the example server.',
    );
  }
  const restEndpoint: Endpoint = { api: 'REST API', url: rest };
  return http ? [restEndpoint, { api: 'HTTP API', url: http }] : [restEndpoint];
}

function drillContext(
  { context }: Invocation,
  { admin }: Connection,
  endpoints: readonly [Endpoint, ...Endpoint[]],
  story: Story,
  signal: AbortSignal,
): DrillContext {
  const checkpoint = () => {
    if (signal.aborted) throw new DrillInterrupted('The drill was stopped.');
  };
  return {
    admin,
    keys: new ThrowAwayKeys(admin),
    endpoints,
    recorder: new CallRecorder(),
    story,
    pace: PACE,
    fetch: context.fetch,
    now: context.now,
    async sleep(milliseconds) {
      await context.sleep(milliseconds, signal);
      checkpoint();
    },
    checkpoint,
    signal,
  };
}
