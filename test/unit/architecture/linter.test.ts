/** The linter enforces the direction of imports while one types: its rules do fire. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const SAMPLES: readonly (readonly [path: string, text: string, rule: string])[] = [
  ['lambdas/core/domain/sdk.ts', "import '@aws-sdk/client-dynamodb';", 'noRestrictedImports'],
  ['lambdas/core/domain/smithy.ts', "import '@smithy/types';", 'noRestrictedImports'],
  ['lambdas/core/ports/cdk.ts', "import 'aws-cdk-lib/aws-kms';", 'noRestrictedImports'],
  [
    'lambdas/core/use-cases/adapter.ts',
    "import '../../adapters/dynamodb/key-item.ts';",
    'noRestrictedImports',
  ],
  ['lambdas/core/use-cases/function.ts', "import '../../functions/deployment.ts';", 'noRestrictedImports'],
  ['lambdas/core/domain/environment.ts', 'export const table = process.env.TABLE;', 'noProcessEnv'],
  ['lambdas/adapters/kms/function.ts', "import '../../functions/deployment.ts';", 'noRestrictedImports'],
];
const FINE = 'lambdas/adapters/kms/fine.ts';

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'keyturn-lint-')));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What Biome says of the samples under this project's own rules, as `rule in path`. */
function findings(): string[] {
  const rules = JSON.parse(readFileSync(fromRoot('biome.json'), 'utf8')) as Record<string, unknown>;
  const write = (path: string, text: string) => {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), `${text}\n`);
  };
  // The samples stand outside of any repository.
  write('biome.json', JSON.stringify({ ...rules, vcs: { enabled: false } }));
  write(FINE, "import '../../core/domain/errors.ts';");
  for (const [path, text] of SAMPLES) write(path, text);
  const biome = [fromRoot('node_modules/@biomejs/biome/bin/biome'), 'lint', '--reporter=github'];
  const { stdout } = spawnSync(process.execPath, biome, { cwd: directory, encoding: 'utf8' });
  return [...stdout.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+)/g)].map(
    ([, rule, path]) => `${rule} in ${relative(directory, String(path))}`,
  );
}

describe('the linter', () => {
  const found = findings();

  it.each(SAMPLES)('objects in %s to %j', (path, _text, rule) => {
    expect(found).toContain(`${rule} in ${path}`);
  });

  it('lets what points inward pass', () => {
    expect(found.filter((finding) => finding.endsWith(FINE))).toEqual([]);
  });
});
