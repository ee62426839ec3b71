import { describe, expect, test } from 'vitest';
import { keyturn } from './fake-world.ts';
import { KEY, KEY_ID } from './samples.ts';

const ISSUE = ['issue', '--owner', 'a@example.com', '--name', 'n', '--env', 'live', '--scope', 'tools:*'];
const without = (flag: string) =>
  ISSUE.filter((_, index) => ISSUE[index] !== flag && ISSUE[index - 1] !== flag);

/** Command line, what the message must name, what the mend must say. */
const BAD: readonly (readonly [args: readonly string[], message: RegExp, hint: RegExp])[] = [
  [[], /No command/, /keyturn --help/],
  [['frobnicate'], /'frobnicate'/, /keyturn --help/],
  [['isue'], /'isue'/, /Did you mean issue\?/],
  [without('--owner'), /--owner/, /keyturn issue --help/],
  [without('--name'), /--name/, /keyturn issue --help/],
  [without('--env'), /--env/, /keyturn issue --help/],
  [without('--scope'), /--scope/, /keyturn issue --help/],
  [[...without('--env'), '--env', 'prod'], /--env.*'prod'/, /live, test/],
  [[...ISSUE, '--scope', 'Tools'], /--scope.*'Tools'/, /tools:\*/],
  [['rotations', '--status', 'stuck'], /--status.*'stuck'/, /running, completed, failed, rolled-back/],
  [['rotations', '--limit', '0'], /--limit.*'0'/, /1 to 100/],
  [['audit', '--limit', '2001'], /--limit.*'2001'/, /1 to 2000/],
  [['audit', 'nonsense'], /nonsense/, /12 letters and digits/],
  [['audit', '--kind', ' '], /--kind/, /at least one word/],
  [['rotations', 'nobody'], /nobody/, /keyturn list/],
  [[...ISSUE, '--delivery', 'pigeon'], /--delivery.*'pigeon'/, /operator/],
  [[...ISSUE, '--allow-from', '203.0.113.0/33'], /--allow-from.*'203\.0\.113\.0\/33'/, /203\.0\.113\.0\/24/],
  [[...ISSUE, '--allow-from', 'office'], /--allow-from.*'office'/, /203\.0\.113\.0\/24/],
  [[...ISSUE, '--name', ' '], /--name.*' '/, /at least one word/],
  [['list', '--limit', '0'], /--limit.*'0'/, /1 to 100/],
  [['list', '--limit', '1e2'], /--limit.*'1e2'/, /1 to 100/],
  [['list', '--status', 'gone'], /--status.*'gone'/, /enabled, disabled, revoked, all/],
  [['list', 'more'], /too many arguments/i, /keyturn list --help/],
  [['show'], /keyId/, /keyturn show --help/],
  [['webhooks', 'show'], /webhookId/, /keyturn webhooks show --help/],
  [['webhooks'], /No command/, /keyturn webhooks --help/],
  [['webhooks', 'add', 'http://hooks.example.com/'], /'http:/, /whole https address/],
  [['show', 'short'], /'short'/, /12 letters and digits/],
  [['show', KEY_ID, '--verbose'], /--verbose/, /keyturn show --help/],
  [['rotate'], /keyId/, /keyturn rotate --help/],
  [['rotate', KEY_ID, '--grace', '3 days'], /--grace.*'3 days'/, /PT72H/],
  [['rotate', KEY_ID, '--grace', 'P1M'], /--grace.*'P1M'/, /PT72H/],
  [['rotate', KEY_ID, '--grace', 'PT0S'], /--grace.*'PT0S'/, /PT1S/],
  [['emergency', KEY_ID, '--yes'], /--reason/, /keyturn emergency --help/],
  [['emergency', '--reason', 'leak', '--yes'], /keyId/, /keyturn emergency --help/],
  [
    ['emergency', KEY_ID, '--reason', 'leak', '--immediate', '--grace', 'PT1H', '--yes'],
    /--grace.*--immediate|--immediate.*--grace/,
    /keyturn emergency --help/,
  ],
  [['emergency', KEY_ID, '--reason', 'leak'], /no terminal/, /--yes/],
  [['emergency', KEY_ID, '--all', '--reason', 'leak'], /Only one of a keyId and --all/, /Give one of/],
  [
    ['emergency', '--owner', 'a@example.com', '--all', '--reason', 'leak'],
    /Only one of --owner and --all/,
    /Give one of/,
  ],
  [
    ['emergency', '--owner', 'a@example.com', '--confirm', 'a@example.com'],
    /--reason/,
    /keyturn emergency --help/,
  ],
  [
    ['emergency', '--owner', 'a@example.com', '--reason', 'leak'],
    /no terminal/,
    /--confirm 'a@example\.com'/,
  ],
  [['emergency', '--all', '--reason', 'leak', '--yes'], /more than --yes/, /--confirm <the number of keys/],
  [
    ['emergency', '--owner', 'a@example.com', '--reason', 'leak', '--confirm', 'b@example.com'],
    /--confirm says, 'b@example\.com', is not the owner 'a@example\.com'/,
    /same address twice/,
  ],
  [
    ['emergency', '--all', '--reason', 'leak', '--watch', '--confirm', '7'],
    /--watch means nothing with --all/,
    /Leave/,
  ],
  [
    ['emergency', KEY_ID, '--reason', 'leak', '--confirm', KEY_ID],
    /--confirm means nothing with a keyId/,
    /Leave/,
  ],
  [['emergency', '--resume', 'run-1', '--immediate'], /--immediate means nothing with --resume/, /Leave/],
  [['emergency', '--run', 'run-1', '--preview'], /--preview means nothing with --run/, /Leave/],
  [['emergency', '--run', 'run 1'], /--run.*'run 1'/, /keyturn emergency --run/],
  [['emergency', '--resume', 'x'.repeat(41)], /--resume/, /keyturn emergency --run/],
  [['claim'], /keyId/, /keyturn claim --help/],
  [['disable', KEY_ID], /--reason/, /keyturn disable --help/],
  [['enable', KEY_ID], /--reason/, /keyturn enable --help/],
  [['rollback', KEY_ID, '--yes'], /--reason/, /keyturn rollback --help/],
  [['rollback', KEY_ID, '--reason', 'broken'], /no terminal/, /--yes/],
  [['--local', '--stack', 'Nope', 'list'], /--local.*--stack/, /keyturn/],
  [['revoke', KEY_ID, '--yes'], /--reason/, /keyturn revoke --help/],
  [['revoke', KEY_ID, '--reason', 'gone'], /no terminal/, /--yes/],
  [['exempt', KEY_ID, '--until', 'P1D'], /--reason/, /keyturn exempt --help/],
  [['exempt', KEY_ID, '--reason', 'a freeze'], /--until/, /--end/],
  [['exempt', KEY_ID, '--reason', 'a freeze', '--until', 'soon'], /--until.*'soon'/, /P30D/],
  [
    ['exempt', KEY_ID, '--reason', 'a freeze', '--until', 'P1D', '--end'],
    /--end.*--until|--until.*--end/,
    /keyturn exempt --help/,
  ],
  [['sweep', 'now'], /too many arguments/i, /keyturn sweep --help/],
  [['drill', '--url', 'localhost'], /--url.*'localhost'/, /https:/],
  [['doctor', 'now'], /too many arguments/i, /keyturn doctor --help/],
];

describe('a bad command line', () => {
  test.each(BAD)('%j: exit 2, what was wrong, the mend, nothing sent', async (args, message, hint) => {
    const told = await keyturn(args);
    const [error, mend] = told.stderr.split('\n');
    expect(told).toMatchObject({ exitCode: 2, stdout: '', sent: [] });
    expect(error).toMatch(/^error: [A-Z]/);
    expect(error).toMatch(message);
    expect(mend).toMatch(hint);
  });

  test.each(BAD)('%j --json: the same as one JSON value', async (args, message, hint) => {
    const told = await keyturn([...args, '--json']);
    expect(told).toMatchObject({ exitCode: 2, stdout: '', sent: [] });
    const { error } = JSON.parse(told.stderr);
    expect(error).toEqual({
      code: 'bad-usage',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test('a whole key in the place of its id is not repeated', async () => {
    for (const args of [['show', KEY], ['list', KEY], [KEY], ['list', '--status', KEY]]) {
      for (const flags of [[], ['--json']]) {
        const { exitCode, stderr } = await keyturn([...args, ...flags]);
        expect(exitCode).toBe(2);
        expect(stderr).not.toContain('sssss');
      }
    }
  });

  test('a wrong KEYTURN_TARGET is said, with the value', async () => {
    const told = await keyturn(['list'], { env: { KEYTURN_TARGET: 'lokal' } });
    expect(told.exitCode).toBe(2);
    expect(told.stderr).toMatch(/'lokal'/);
  });
});

describe('help and version', () => {
  test('--help lists every command and exits 0', async () => {
    const { exitCode, stdout, stderr } = await keyturn(['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const name of 'issue list show rotate rollback emergency claim disable enable revoke exempt sweep pepper drill doctor'.split(
      ' ',
    )) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
  });

  test('--version prints the version alone', async () => {
    expect((await keyturn(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('global options', () => {
  const list = () => ({ keys: [], nextToken: null });

  test('stand before or after the command', async () => {
    const flags = ['--stack', 'Other', '--region', 'eu-west-1', '--profile', 'ops'];
    const expected = { stack: 'Other', region: 'eu-west-1', profile: 'ops', local: false };
    for (const args of [
      [...flags, 'list'],
      ['list', ...flags],
    ]) {
      const { lookedFor } = await keyturn(args, { admin: { list } });
      expect(lookedFor).toEqual([expect.objectContaining(expected)]);
    }
  });

  test('--local and KEYTURN_TARGET=local mean the same', async () => {
    const byFlag = await keyturn(['list', '--local'], { admin: { list } });
    const byEnvironment = await keyturn(['list'], { admin: { list }, env: { KEYTURN_TARGET: 'local' } });
    expect(byFlag.lookedFor).toEqual(byEnvironment.lookedFor);
    expect(byFlag.lookedFor[0]).toMatchObject({ local: true, stack: 'Keyturn' });
  });
});
