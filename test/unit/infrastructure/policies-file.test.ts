import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InvalidConfiguration } from '../../../lib/invalid-configuration.ts';
import { readPolicies } from '../../../lib/policies-file.ts';
import { synthesize } from '../../support/synthesize.ts';

const directory = mkdtempSync(join(tmpdir(), 'keyturn-policies-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(directory, 'policies.json');
  writeFileSync(path, text);
  return path;
}

describe('policies from a file', () => {
  it('are those of the stack', async () => {
    const policies = file('{ "partners": { "gracePeriod": "P7D" } }');
    expect(await templateOf(policies)).toContain('{\\"partners\\":{\\"gracePeriod\\":\\"P7D\\"}}');
  }, 60_000);

  it('are checked as those of the prop', async () => {
    const policies = file('{ "partners": { "gracePeriod": "P7" } }');
    const error = await templateOf(policies).catch(({ code, stderr }) => ({ code, stderr }));
    expect(error).toEqual({
      code: 1,
      // One line, and no stack.
      stderr: expect.stringMatching(/^Policy 'partners'.*gracePeriod.*'P7'.*\n$/),
    });
  }, 60_000);

  it.each([
    ['what is no JSON', '{ partners: {} }', /policies '.+policies\.json' cannot be read: .*JSON/],
    ['a list', '[]', /policies '.+' is no object/],
    ['nothing', 'null', /policies '.+' is no object/],
    ['a policy in words', '{ "partners": "P7D" }', /Policy 'partners' in '.+' is no object/],
    ['a list of a policy', '{ "partners": ["P7D"] }', /Policy 'partners' in '.+' is no object/],
  ])('refuses %s, and says what to write', (_what, text, message) => {
    const path = file(text);
    expect(() => readPolicies(path)).toThrow(InvalidConfiguration);
    expect(() => readPolicies(path)).toThrow(message);
    expect(() => readPolicies(path)).toThrow(/Write one JSON object of policies by name/);
  });

  it('refuses a file that is not there', () => {
    expect(() => readPolicies(join(directory, 'none.json'))).toThrow(/none\.json' cannot be read: ENOENT/);
  });
});

async function templateOf(policies: string): Promise<string> {
  const out = await synthesize({ context: { policies } });
  return readFileSync(join(out, 'Keyturn.template.json'), 'utf8');
}
