/** Bundles, by the very options that the stack's are made with. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../lib/bundle-options.ts';
import { CHECKOUT } from '../../local/state.ts';

const FUNCTIONS = {
  authorizer: 'lambdas/functions/authorizer/handler.ts',
  rotation: 'lambdas/functions/rotation/handler.ts',
  admin: 'lambdas/functions/admin/handler.ts',
  'example-mcp-server': 'examples/mcp-server/handler.ts',
} as const;

const SUBJECTS = [
  'floor',
  'plain',
  'plain-with-secret',
  'verify',
  'empty',
  'rounds',
  'start',
  'canned-store',
  'sweep',
  'evidence',
] as const;

type Name = keyof typeof FUNCTIONS | (typeof SUBJECTS)[number];

export interface Bundle {
  readonly path: string;
  readonly bytes: number;
}

export type Bundles = Readonly<Record<Name, Bundle>>;

export async function makeBundles(directory: string): Promise<Bundles> {
  const entries = {
    ...FUNCTIONS,
    ...Object.fromEntries(SUBJECTS.map((name) => [name, `bench/src/subjects/${name}.ts`])),
  };
  const bundles = await Promise.all(
    Object.entries(entries).map(async ([name, entry]) => {
      const path = join(directory, name, 'index.mjs');
      await build({ ...bundleOptions(join(CHECKOUT, entry)), outfile: path });
      return [name, { path, bytes: statSync(path).size }] as const;
    }),
  );
  return Object.fromEntries(bundles) as Bundles;
}
