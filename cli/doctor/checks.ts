/** The way to a deployment, checked part by part, each with the mend where it is broken. */
import type { Reach } from '../connect.ts';
import { CliError } from '../exit.ts';
import { OUTPUTS, type Target } from '../target.ts';
import { checkMail } from './mail-check.ts';

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** The mend; null where nothing is broken. */
  readonly hint: string | null;
}

/** The example MCP server may be left out of a stack; these may not. */
const OPTIONAL_OUTPUTS: readonly string[] = ['McpRestUrl', 'McpHttpUrl'];

/** Stops at the first broken part that the next ones stand on. */
export async function runChecks(
  way: () => Reach,
  fetch: typeof globalThis.fetch,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  const check = async <Result>(
    name: string,
    work: () => Promise<readonly [detail: string, result: Result]>,
  ) => {
    try {
      const [detail, result] = await work();
      results.push({ name, ok: true, detail, hint: null });
      return result;
    } catch (error) {
      results.push({ name, ok: false, ...described(error) });
      return undefined;
    }
  };

  const reach = await check('credentials', async () => {
    const found = way();
    const { arn } = await found.caller();
    return [arn, found];
  });
  const target = reach && (await check('stack', () => findTarget(reach)));
  if (!reach || !target) return results;
  await check('outputs', async () => [checkOutputs(target), undefined]);
  await check('admin function', async () => {
    const { keys } = await reach.admin(target).call('list', { limit: 1 });
    return [`answers; ${keys.length === 0 ? 'no keys yet' : 'there are keys'}`, undefined];
  });
  await check('mail', async () => [checkMail(await reach.admin(target).call('mail-status', {})), undefined]);
  for (const [api, url] of [
    ['REST API', target.mcpRestUrl],
    ['HTTP API', target.mcpHttpUrl],
  ] as const) {
    if (url) await check(`MCP server, ${api}`, async () => [await checkMcp(url, fetch), undefined]);
  }
  return results;
}

async function findTarget(reach: Reach): Promise<readonly [string, Target]> {
  const target = await reach.target();
  return [`${target.stackName}, ${target.place}`, target];
}

function checkOutputs(target: Target): string {
  const missing = OUTPUTS.filter((name) => !target.outputs[name] && !OPTIONAL_OUTPUTS.includes(name));
  if (missing.length === 0) return `${OUTPUTS.filter((name) => target.outputs[name]).length} found`;
  throw new CliError(
    'output-missing',
    `missing: ${missing.join(', ')}`,
    'It is not a Keyturn stack, or its deployment did not end well: deploy it again.',
  );
}

async function checkMcp(url: string, fetch: typeof globalThis.fetch): Promise<string> {
  const { status } = await fetch(url, { method: 'POST' });
  if (status === 401) return `${url} refuses a call without a key (401)`;
  throw new CliError(
    'unprotected',
    `${url} answers a call without a key with ${status}, not 401`,
    'Protect the API with protectRestApi or protectHttpApi and deploy the stack again.',
  );
}

function described(error: unknown): Pick<CheckResult, 'detail' | 'hint'> {
  if (error instanceof CliError) return { detail: error.message, hint: error.hint };
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const detail = error instanceof Error ? `${error.message}${cause}` : String(error);
  return { detail, hint: 'Check the network and the address, then run this again.' };
}
