/** Every function opens seals by way of the sealer that watches them: a broken one is never met in silence. */
import { expect, it } from 'vitest';
import { importsOf, type Source, sourcesIn } from '../../support/source-imports.ts';

const importersOf = (target: string, sources: readonly Source[]): readonly string[] =>
  sources.filter((each) => importsOf(each).some((found) => found.target === target)).map(({ path }) => path);

it('is made in one place', () => {
  const functions = sourcesIn('lambdas/functions');
  expect(importersOf('lambdas/adapters/kms/envelope-sealer.ts', functions)).toEqual([
    'lambdas/functions/sealer.ts',
  ]);
  expect(importersOf('lambdas/functions/sealer.ts', functions).length).toBeGreaterThan(1);
});
