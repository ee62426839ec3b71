/** Imports point inward. Each rule is held against the code, and against a sample that breaks it. */
import { describe, expect, it } from 'vitest';
import { importsOf, reachableFrom, type Source, sourcesIn } from '../../support/source-imports.ts';
import { ambientIn, isAws, LAYERS, objectionsTo } from './layers.ts';

const layer = (directory: string) => {
  const found = LAYERS.find(({ directories }) => directories.includes(directory));
  if (!found) throw new Error(`No layer has ${directory}.`);
  return found;
};
const sample = (path: string, text: string): Source => ({ path, text });

describe.each(LAYERS)('$name', (each) => {
  it('in every file', () => {
    const sources = sourcesIn(...each.directories);
    expect(sources.length).toBeGreaterThan(0);
    expect(objectionsTo(each, sources)).toEqual([]);
  });
});

describe('the rules object to', () => {
  it.each([
    ['rules', 'rules/a.ts', "import { z } from 'zod';"],
    ['rules', 'rules/a.ts', "import type { A } from '../lambdas/core/domain/a.ts';"],
    ['lambdas/core', 'lambdas/core/a.ts', "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';"],
    ['lambdas/core', 'lambdas/core/a.ts', "import type { S } from '@smithy/types';"],
    ['lambdas/core', 'lambdas/core/a.ts', "const aws4 = await import('aws4');"],
    ['lambdas/core', 'lambdas/core/domain/a.ts', "export * from '../../adapters/dynamodb/key-item.ts';"],
    [
      'lambdas/core',
      'lambdas/core/domain/a.ts',
      "import type { A } from '../../functions/admin/contract.ts';",
    ],
    [
      'lambdas/core/domain',
      'lambdas/core/domain/a.ts',
      "import type { A } from '../use-cases/authorize.ts';",
    ],
    ['lambdas/core/domain', 'lambdas/core/domain/a.ts', "import { a } from '../ports/ambient.ts';"],
    ['lambdas/adapters', 'lambdas/adapters/kms/a.ts', "import { a } from '../../functions/deployment.ts';"],
    ['lambdas/adapters', 'lambdas/adapters/kms/a.ts', "import { Key } from 'aws-cdk-lib/aws-kms';"],
    ['lambdas/functions', 'lambdas/functions/admin/a.ts', "import { a } from '../rotation/failure.ts';"],
    ['lambdas/functions', 'lambdas/functions/admin/a.ts', "import { a } from '../../../lib/outputs.ts';"],
    ['lib', 'lib/a.ts', "import { connect } from '../lambdas/functions/deployment.ts';"],
    ['lib', 'lib/a.ts', "import { type A, connect } from '../lambdas/functions/deployment.ts';"],
    ['lib', 'lib/a.ts', "import '../lambdas/functions/admin/handler.ts';"],
    ['lib', 'lib/a.ts', "import {\n  type A,\n  b,\n} from '../lambdas/core/domain/a.ts';"],
    ['lib', 'lib/a.ts', "import { a } from '../cli/target.ts';"],
    ['client/src', 'client/src/a.ts', "import { isKeyId } from '../../lambdas/core/domain/key-format.ts';"],
    ['client/src', 'client/src/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['client/src', 'client/src/a.ts', "import { z } from 'zod';"],
    ['server', 'server/a.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['server', 'examples/mcp-server/a.ts', "import { a } from '../../lambdas/functions/environment.ts';"],
  ])('%s: %s with %j', (directory, path, text) => {
    expect(objectionsTo(layer(directory), [sample(path, text)])).toHaveLength(1);
  });

  it.each([
    ['lib', 'lib/a.ts', "import type { A } from '../lambdas/functions/deployment.ts';"],
    ['lib', 'lib/a.ts', "import {\n  type A,\n  type B,\n} from '../lambdas/functions/deployment.ts';"],
    ['lib', 'lib/a.ts', "// import { a } from '../lambdas/functions/deployment.ts';"],
    ['lambdas/core', 'lambdas/core/a.ts', "import { createHmac } from 'node:crypto';"],
    ['lambdas/core', 'lambdas/core/a.ts', "/** As `import('aws4')` does. */"],
    ['lambdas/adapters', 'lambdas/adapters/kms/a.ts', "import { KMSClient } from '@aws-sdk/client-kms';"],
  ])('nothing in %s: %s with %j', (directory, path, text) => {
    expect(objectionsTo(layer(directory), [sample(path, text)])).toEqual([]);
  });
});

describe('core takes time, chance and environment as arguments', () => {
  it('in every file', () => {
    expect(sourcesIn('lambdas/core', 'rules').flatMap(ambientIn)).toEqual([]);
  });

  it.each([
    'const table = process.env.TABLE;',
    "const table = process['env'];",
    'const now = Date.now();',
    'const now = new Date();',
    'const chance = Math.random();',
    'const bytes = randomBytes(32);',
  ])('and would be seen in %j', (text) => {
    expect(ambientIn(sample('lambdas/core/a.ts', text))).toHaveLength(1);
  });
});

describe('what a backend loads', () => {
  it.each(['server/index.ts'])('by %s is no AWS package, through all that it imports', (entry) => {
    const loaded = [...reachableFrom(entry)];
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.filter(isAws)).toEqual([]);
  });

  it('would show an AWS package that is loaded by way of others', () => {
    expect([...reachableFrom('lambdas/functions/admin/handler.ts')].filter(isAws)).toContain(
      '@aws-sdk/client-dynamodb',
    );
  });
});

describe('the reader of imports', () => {
  it('misses none: it finds as many as the file has', () => {
    const [handler] = sourcesIn('lambdas/functions/rotation').filter(({ path }) =>
      path.endsWith('handler.ts'),
    );
    const lines = handler?.text.match(/ from '/g) ?? [];
    expect(lines.length).toBeGreaterThan(10);
    expect(importsOf(handler as Source)).toHaveLength(lines.length);
  });
});
