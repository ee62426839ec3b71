/** The documents say what the code says: commands and their options, links, and every table of values. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EVENT_SOURCE, ROTATION_MINUTE } from '../../../lambdas/adapters/eventbridge/rotation-event-bus.ts';
import { parseDurationSeconds } from '../../../rules/duration.ts';
import { DEFAULT_PREFIX } from '../../../rules/key-prefix.ts';
import { METRIC_NAMESPACE, METRICS } from '../../../rules/metrics.ts';
import { BUILT_IN_POLICIES, type Policy } from '../../../rules/policy.ts';
import { resolvePolicies } from '../../../rules/resolve-policy.ts';
import { keyturn } from '../cli/fake-world.ts';
import { anchorsOf, codeBlocks, inlineCode, linksOf, propsOf, tableUnder } from './read-document.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const README = read('README.md');
const DOCUMENTS = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/decisions.md',
  'docs/local-fidelity.md',
  'docs/deliveries.md',
  'docs/pepper.md',
  'docs/audit.md',
  'docs/webhooks.md',
  'docs/notices.md',
  'docs/siem.md',
  'client/README.md',
];

const help = async (...command: string[]): Promise<string> => (await keyturn([...command, '--help'])).stdout;

/** Of `pepper rotate --watch`; nothing of a command without commands of its own. */
async function helpOfSubcommand(line: string): Promise<string> {
  const [command = '', word = ''] = line.replace(/^--local /, '').split(' ');
  const own = (await help(command)).includes(`\n  ${word} `);
  return own && /^[a-z]+$/.test(word) ? help(command, word) : '';
}

/** Every command line in code, behind `npx keyturn`, `npm run keyturn --` or `keyturn`. */
const commandLines = [
  README,
  read('docs/deliveries.md'),
  read('docs/pepper.md'),
  read('docs/audit.md'),
  read('docs/webhooks.md'),
  read('docs/notices.md'),
]
  .flatMap((document) => [
    ...codeBlocks(document, 'sh').flatMap((block) => block.split('\n')),
    ...inlineCode(document),
  ])
  .flatMap((line) => /^(?:npx |npm run )?keyturn (?:-- )?(.*?)(?: +#.*)?$/.exec(line)?.[1] ?? []);

/** `list` of `--local list`; none of `--stack <name>`, which shows an option alone. */
const commandOf = (line: string): string | undefined => /^(?:--local )?([a-z]+)/.exec(line)?.[1];

const knownCommands = async () => [...(await help()).matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);

describe('commands that messages, alerts and mails name', () => {
  it('exist', async () => {
    const files = ['cli', 'lambdas', 'lib', 'rules'].flatMap((directory) =>
      readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${directory}/${file}`),
    );
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/\bkeyturn ([a-z]+)/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(await knownCommands()).toEqual(expect.arrayContaining([...new Set(named)]));
  });
});

describe('commands in the README and the pages of its parts', () => {
  it('exist', async () => {
    const known = await knownCommands();
    const named = commandLines.flatMap((line) => commandOf(line) ?? []);
    expect(named.length).toBeGreaterThan(15);
    expect(known).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  it('take the options they are shown with', async () => {
    const all = await help();
    for (const line of commandLines) {
      const command = commandOf(line);
      const shown = command ? `${all}${await help(command)}${await helpOfSubcommand(line)}` : all;
      for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(shown, line).toContain(`${option} `);
    }
  });
});

describe.each(DOCUMENTS)('links of %s', (document) => {
  it('lead somewhere', () => {
    for (const link of linksOf(read(document))) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      expect(existsSync(join(ROOT, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(read(target)), link).toContain(anchor);
    }
  });
});

describe('configuration tables', () => {
  const settings = read('lib/api-key-lifecycle-props.ts');
  const lifecycle = read('lib/api-key-lifecycle.ts');
  const protection = read('lib/protection.ts');

  const named = (table: readonly (readonly string[])[]) =>
    Object.fromEntries(table.map(([name, value]) => [name?.replaceAll('`', ''), value]));

  it('list every prop of the construct with its default, and no other', () => {
    const props = propsOf(settings, 'ApiKeyLifecycleProps');
    expect(named(tableUnder(README, '`new ApiKeyLifecycle'))).toEqual(props);
  });

  it('list every option of protection with its default, and no other', () => {
    const options = ['ProtectionOptions', 'RestProtectionOptions', 'HttpProtectionOptions'];
    const props = Object.assign({}, ...options.map((name) => propsOf(protection, name)));
    expect(named(tableUnder(README, '`protectRestApi(api, options)`'))).toEqual(props);
  });

  it('list every setting of a vault with its default, and no other', () => {
    const settings = propsOf(read('lib/vault-config.ts'), 'VaultDeliveryConfig');
    expect(named(tableUnder(README, '`deliveries.vault`, for keys'))).toEqual(settings);
  });

  it('give the defaults that the code takes', () => {
    const stated = {
      ...named(tableUnder(README, '`new ApiKeyLifecycle')),
      ...named(tableUnder(README, '`protectRestApi(api, options)`')),
    };
    const taken = [
      ...`${settings}${lifecycle}${protection}`.matchAll(/(?:props|options)\.(\w+) \?\? '([^']+)'/g),
    ];
    expect(taken.length).toBeGreaterThan(6);
    for (const [, name, value] of taken) expect(stated[name as string], name).toMatch(`\`${value}\``);
    expect(stated['prefix']).toBe(`\`${DEFAULT_PREFIX}\``);
  });

  it('list every field of the machine’s input', () => {
    const fields = propsOf(read('lambdas/functions/admin/rotation-contract.ts'), 'RotationRequest');
    expect(Object.keys(named(tableUnder(README, 'Every rotation is an execution')))).toEqual(
      Object.keys(fields),
    );
  });

  it('list every context value that the application reads', () => {
    const values = [...read('bin/keyturn.ts').matchAll(/text\('(\w+)'\)/g)].map(([, name]) => name as string);
    const table = named(tableUnder(README, 'No Docker is needed'));
    expect(Object.keys(table).sort()).toEqual([...new Set(values)].sort());
  });
});

describe('metrics and events', () => {
  it('names every metric that is written, once', () => {
    const rows = tableUnder(README, 'CloudWatch metrics, namespace');
    const named = rows.flatMap(([names = '']) => inlineCode(names));
    expect([...named].sort()).toEqual(Object.keys(METRICS).sort());
    expect(README).toContain(`CloudWatch metrics, namespace \`${METRIC_NAMESPACE}\``);
  });

  it('shows an event as it is put', () => {
    const [shown] = codeBlocks(README, 'json').filter((block) => block.includes('detail-type'));
    const event = JSON.parse(shown as string);
    expect(event).toMatchObject({ source: EVENT_SOURCE, 'detail-type': ROTATION_MINUTE });
    const fields = propsOf(read('lambdas/core/ports/rotation-events.ts'), 'RotationMinute');
    expect(Object.keys(event.detail)).toEqual(Object.keys(fields));
  });
});

describe('policy table', () => {
  const [head = [], ...rows] = tableUnder(README, 'Rotation policies.', true);
  const names = head.slice(1);
  const resolved = resolvePolicies({});
  const policies: ReadonlyMap<string, Policy> = resolved.ok ? resolved.value : new Map();

  const meaning: Readonly<Record<string, (cell: string, policy: Policy) => boolean>> = {
    rotateEvery: (cell, policy) => secondsOf(cell) === policy.rotateEverySeconds,
    gracePeriod: (cell, policy) => secondsOf(cell) === policy.graceSeconds,
    emergencyGracePeriod: (cell, policy) => secondsOf(cell) === policy.emergencyGraceSeconds,
    migrationThresholdPercent: (cell, policy) => Number(cell) === policy.migrationThreshold * 100,
    extension: (cell, policy) => secondsOf(cell) === policy.extensionSeconds,
    maxExtensions: (cell, policy) => Number(cell) === policy.maxExtensions,
    afterMaxExtensions: (cell, policy) => cell === policy.afterMaxExtensions,
    reminders: (cell, policy) => cell.split(', ').map(secondsOf).join() === policy.reminderSeconds.join(),
    earlyRetirement: (cell, policy) =>
      (cell === 'never' ? undefined : secondsOf(cell)) === policy.earlyRetirementSeconds,
    claimLinkLifetime: (cell, policy) => secondsOf(cell) === policy.claimLinkSeconds,
    rollback: (cell, policy) => cell === String(policy.rollback),
    environments: (cell, policy) => cell === policy.environments.join(', '),
    allowedAddresses: (cell, policy) => cell === String(policy.allowedAddresses),
  };

  it('has every built-in policy and every setting', () => {
    expect(names).toEqual(Object.keys(BUILT_IN_POLICIES));
    const settings = Object.keys(propsOf(read('rules/policy.ts'), 'PolicyConfig'));
    expect(rows.map(([setting]) => setting?.replaceAll('`', ''))).toEqual(settings);
  });

  it.each(rows)('%s is what the rules say', (setting, ...cells) => {
    const holds = meaning[setting.replaceAll('`', '')];
    cells.forEach((cell, index) => {
      expect(holds?.(cell, policies.get(names[index] as string) as Policy), `${names[index]}: ${cell}`).toBe(
        true,
      );
    });
  });
});

function secondsOf(cell: string): number | undefined {
  const parsed = parseDurationSeconds(cell, 'cell');
  return parsed.ok ? parsed.value : undefined;
}
