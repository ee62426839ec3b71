/** Every function opens seals by way of the sealer that watches them: a broken one is never met in silence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { importsOf, type Source, sourcesIn } from '../../support/source-imports.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const importersOf = (target: string, sources: readonly Source[]): readonly string[] =>
  sources.filter((each) => importsOf(each).some((found) => found.target === target)).map(({ path }) => path);

it('is made in one place', () => {
  const functions = sourcesIn('lambdas/functions');
  expect(importersOf('lambdas/adapters/kms/envelope-sealer.ts', functions)).toEqual([
    'lambdas/functions/sealer.ts',
  ]);
  expect(importersOf('lambdas/functions/sealer.ts', functions).length).toBeGreaterThan(1);
});

it('finds seals in one place, which knows their expiry, but for destroying them', () => {
  const users = sourcesIn('lambdas')
    .map(({ path }) => path)
    .filter((path) => /\bfindSealed\(/.test(readFileSync(join(ROOT, path), 'utf8')))
    .filter((path) => /use-cases|functions/.test(path));
  expect(users.sort()).toEqual([
    'lambdas/core/use-cases/change-key.ts',
    'lambdas/core/use-cases/find-seal.ts',
  ]);
});

it('rests on a library that knows nothing but AWS’s client and Node.js', () => {
  const library = sourcesIn('lambdas/adapters/kms').filter(
    ({ path }) => !path.endsWith('envelope-sealer.ts'),
  );
  expect(library.length).toBeGreaterThanOrEqual(4);
  const known = library.flatMap((each) => importsOf(each).map(({ target }) => target));
  const own = known.filter((target) => target.startsWith('lambdas/adapters/kms/'));
  expect([...new Set(known)].filter((target) => !own.includes(target)).sort()).toEqual([
    '@aws-sdk/client-kms',
    'node:crypto',
  ]);
});
