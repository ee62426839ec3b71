/** What the functions' bundles hold: the authorizer's nothing but what a decision needs. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleOptions } from '../../../lib/bundle-options.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const AUTHORIZER = 'lambdas/functions/authorizer/handler.ts';
/** An SDK client alone takes five times as much, and as long to start. */
const MOST_BYTES = 70_000;

/** Too big or too slow to start for the way of every request. */
const FORBIDDEN =
  /node_modules\/(@aws-sdk\/(client-|credential-|lib-|middleware-|core\/)|@smithy\/|aws-sdk\/|aws-cdk-lib\/|zod\/|luxon\/|commander\/|@modelcontextprotocol\/|canonicalize\/)/;

interface Bundle {
  readonly bytes: number;
  readonly inputs: readonly string[];
}

async function bundle(entry: string): Promise<Bundle> {
  const options = { ...bundleOptions(`${ROOT}${entry}`), absWorkingDir: ROOT, outfile: 'index.mjs' };
  const { metafile } = await build({ ...options, metafile: true, write: false });
  const [output] = Object.values(metafile.outputs);
  if (!output) throw new Error('Nothing was bundled.');
  return { bytes: output.bytes, inputs: Object.keys(output.inputs) };
}

const forbiddenIn = ({ inputs }: Bundle): string[] => inputs.filter((path) => FORBIDDEN.test(path));

describe('the authorizer’s bundle', () => {
  let authorizer: Bundle;
  beforeAll(async () => {
    authorizer = await bundle(AUTHORIZER);
  });

  it('has no SDK client and nothing else that a decision does not need', () => {
    expect(forbiddenIn(authorizer)).toEqual([]);
  });

  it(`is below ${MOST_BYTES} bytes`, () => {
    expect(authorizer.bytes).toBeLessThan(MOST_BYTES);
    // Less than its own code would mean that nothing was measured.
    expect(authorizer.bytes).toBeGreaterThan(10_000);
  });

  it('has of our own code no use case but those of the way of a request', () => {
    const useCases = authorizer.inputs.filter((path) => path.startsWith('lambdas/core/use-cases/'));
    expect(useCases.map((path) => path.split('/').at(-1)).sort()).toEqual([
      'authorize.ts',
      'cached-peppers.ts',
      'first-refusals.ts',
      'key-memory.ts',
      'pending-counts.ts',
      'pepper-fault-meter.ts',
      'recognize-key.ts',
      'use-meter.ts',
      'wrong-key-meter.ts',
    ]);
  });
});

describe('a bundle that sends mail', () => {
  it('writes it with the composer alone: no transport, no test account', async () => {
    const { inputs } = await bundle('lambdas/functions/rotation/handler.ts');
    const parts = inputs.flatMap((path) => /nodemailer\/dist\/esm\/([\w-]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(parts)].sort()).toEqual([
      'addressparser',
      'base64',
      'errors',
      'fetch',
      'mail-composer',
      'mime-funcs',
      'mime-node',
      'package-info',
      'punycode',
      'qp',
      'shared',
    ]);
  });
});

describe('every bundle', () => {
  it('brings its SDK along, where it uses one, and would be seen to', async () => {
    const admin = await bundle('lambdas/functions/admin/handler.ts');
    expect(forbiddenIn(admin).length).toBeGreaterThan(100);
    expect(admin.bytes).toBeGreaterThan(MOST_BYTES);
  });
});
