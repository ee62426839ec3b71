/** The template as it is deployed, under the rules of those who know CloudFormation best. No call to the local cloud. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintTemplate } from '../support/cfn-lint.ts';
import { bench, httpApi, restApi } from '../support/synth.ts';
import { synthesize } from '../support/synthesize.ts';

const directory = mkdtempSync(join(tmpdir(), 'keyturn-cfn-lint-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const lint = (template: object): Promise<string[]> => {
  const file = join(directory, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  return lintTemplate(file);
};

interface Synthesized {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

describe('the whole synthesis', () => {
  let assembly: string;
  beforeAll(async () => {
    assembly = await synthesize({ whole: true });
  });

  it('has nothing that cfn-lint objects to', async () => {
    expect(await lintTemplate(join(assembly, 'Keyturn.template.json'))).toEqual([]);
  });

  it('has nothing that the CDK’s rules for CloudFormation or cdk-nag object to', () => {
    const report = JSON.parse(readFileSync(join(assembly, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
  });

  it('has one file for each function, and one for the three authorizers together', () => {
    const template: Synthesized = JSON.parse(readFileSync(join(assembly, 'Keyturn.template.json'), 'utf8'));
    const code = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::Lambda::Function' ? [{ id, key: JSON.stringify(Properties?.['Code']) }] : [],
    );
    const bundles = readdirSync(assembly).filter((name) => name.startsWith('asset.'));
    expect(bundles).toHaveLength(new Set(code.map(({ key }) => key)).size);
    expect(new Set(code.filter(({ id }) => id.includes('Authorizer')).map(({ key }) => key)).size).toBe(1);
    for (const bundle of bundles) expect(readdirSync(join(assembly, bundle))).toEqual(['index.mjs']);
  });
});

describe('cfn-lint', () => {
  it('objects to nothing with every option of the protection in use', async () => {
    const { stack, keys, backend } = bench({ prefix: 'acme', keyMemory: 'PT0S' });
    const scopes = { 'GET /orders': ['orders:read'] };
    const cached = { cacheTtl: 'PT5M', toolScopes: 'off', scopes } as const;
    keys.protectRestApi(restApi(stack, backend, 'Cached').api, { ...cached, keyHeader: 'x-api-key' });
    keys.protectRestApi(restApi(stack, backend, 'Token').api, { authorizerType: 'TOKEN' });
    keys.protectHttpApi(httpApi(stack, backend, 'CachedHttp'), { ...cached, answer: 'policy' });
    expect(await lint(Template.fromStack(stack).toJSON())).toEqual([]);
  });

  it('finds what is wrong', async () => {
    const Table = { Type: 'AWS::DynamoDB::Table', Properties: { BillingMode: 'FREE', TableNam: 'keys' } };
    const findings = (await lint({ Resources: { Table } })).join('\n');
    expect(findings).toMatch(/^E3030 Resources\/Table\/Properties\/BillingMode/m);
    expect(findings).toMatch(/^E3002 .*TableNam/m);
  });
});
