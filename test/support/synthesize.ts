/** Runs the application as the CDK's command line does, with neither account, credentials nor network. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { CDK_CONTEXT } from './cdk-context.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Whoever opens a connection fails. */
const NO_NETWORK = `data:text/javascript,${encodeURIComponent(`
  import net from 'node:net';
  import dns from 'node:dns';
  const refuse = () => { throw new Error('The network was used.'); };
  net.Socket.prototype.connect = refuse;
  dns.lookup = refuse;
`)}`;

export interface SynthesizeOptions {
  readonly context?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Bundles the functions, and lets the CDK check the template against its CloudFormation rules: seconds each. */
  readonly whole?: boolean;
}

const outputs = mkdtempSync(join(tmpdir(), 'keyturn-app-'));
afterAll(() => rmSync(outputs, { recursive: true, force: true }));

/** @returns the directory of the cloud assembly */
export async function synthesize({
  context = {},
  environment = {},
  whole = false,
}: SynthesizeOptions = {}): Promise<string> {
  const directory = mkdtempSync(join(outputs, 'out-'));
  const hasty = whole ? {} : { 'aws:cdk:bundling-stacks': [] };
  await promisify(execFile)(process.execPath, ['--import', 'tsx', '--import', NO_NETWORK, 'bin/keyturn.ts'], {
    cwd: ROOT,
    env: {
      ...environment,
      PATH: process.env['PATH'] ?? '',
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify({ ...CDK_CONTEXT, ...hasty, ...context }),
      CDK_VALIDATION: String(whole),
    },
  });
  return directory;
}
