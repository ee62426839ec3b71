/** How every Lambda function is bundled; the benchmarks measure bundles made by the same words. */
import type { BuildOptions } from 'esbuild';

/** One minified ES module with everything in it: the local cloud's host has no SDK, and AWS starts it faster so. */
export const bundleOptions = (entry: string) =>
  ({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    // CommonJS packages inside call `require`, which an ES module does not have.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  }) satisfies BuildOptions;
