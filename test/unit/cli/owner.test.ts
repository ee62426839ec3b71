import { describe, expect, test } from 'vitest';
import { keyturn } from './fake-world.ts';
import { KEY_ID, keyView } from './samples.ts';

const ADDRESS = 'team@example.com';
const OWNER = {
  address: ADDRESS,
  locale: 'de',
  timeZone: 'Europe/Berlin',
  unsubscribed: ['retired'],
} as const;
const RECIPIENTS = { keyId: KEY_ID, owner: ADDRESS, recipients: ['ops@example.com'] };

describe('keyturn owner', () => {
  test('shows how an address wants its mails', async () => {
    const { stdout, sent } = await keyturn(['owner', ADDRESS], { admin: { owner: async () => OWNER } });
    expect(sent).toEqual([{ action: 'owner', input: { address: ADDRESS } }]);
    expect(stdout).toContain('Mails to team@example.com');
    expect(stdout).toMatch(/time zone +Europe\/Berlin/);
    expect(stdout).toMatch(/gets mails about +issued, .*received-elsewhere/);
    expect(stdout).toMatch(/unsubscribed from +retired\n/);
  });

  test('sets what is given', async () => {
    const args = ['--locale', 'DE', '--time-zone', 'europe/berlin', '--unsubscribe', 'retired'];
    const more = ['--unsubscribe', 'issued', '--subscribe', 'reminder', '--json'];
    const { stdout, sent } = await keyturn(['owner', ADDRESS, ...args, ...more], {
      admin: { 'set-owner': async () => OWNER },
    });
    const input = {
      address: ADDRESS,
      locale: 'de',
      timeZone: 'Europe/Berlin',
      unsubscribe: ['retired', 'issued'],
      subscribe: ['reminder'],
    };
    expect(sent).toEqual([{ action: 'set-owner', input }]);
    expect(JSON.parse(stdout)).toEqual(OWNER);
  });

  test.each([
    [['owner'], /address/, /keyturn owner --help/],
    [['owner', 'nobody'], /'nobody'/, /team@example\.com/],
    [['owner', ADDRESS, '--locale', 'xx'], /--locale.*'xx'/, /en, de, fr, es/],
    [['owner', ADDRESS, '--time-zone', 'Berlin'], /--time-zone.*'Berlin'/, /Europe\/Berlin/],
    [['owner', ADDRESS, '--unsubscribe', 'emergency'], /'emergency'/, /may be left: issued, reminder/],
    [['recipients', KEY_ID], /--add/, /keyturn show/],
    [['recipients', KEY_ID, '--add', 'x'], /--add.*'x'/, /team@example\.com/],
    [['recipients', 'short', '--add', ADDRESS], /'short'/, /12 letters/],
  ] as const)('%j is bad usage', async (args, message, hint) => {
    const { exitCode, stderr, sent } = await keyturn([...args, '--json']);
    const { error } = JSON.parse(stderr);
    expect([exitCode, sent]).toEqual([2, []]);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });
});

describe('keyturn recipients', () => {
  test('adds and removes', async () => {
    const args = ['--add', 'ops@example.com', '--add', 'x@example.com', '--remove', 'y@example.com'];
    const { stdout, sent } = await keyturn(['recipients', KEY_ID, ...args], {
      admin: { 'set-recipients': async () => RECIPIENTS },
    });
    const [add, remove] = [['ops@example.com', 'x@example.com'], ['y@example.com']];
    expect(sent).toEqual([{ action: 'set-recipients', input: { keyId: KEY_ID, add, remove } }]);
    expect(stdout).toMatch(/owner +team@example\.com\nand +ops@example\.com\n/);
  });

  test('are shown with their key', async () => {
    const show = async () => keyView({ recipients: ['ops@example.com', 'sec@example.com'] });
    expect((await keyturn(['show', KEY_ID], { admin: { show } })).stdout).toMatch(
      /told too +ops@example\.com sec@example\.com/,
    );
    expect(
      (await keyturn(['show', KEY_ID], { admin: { show: async () => keyView() } })).stdout,
    ).not.toContain('told too');
  });
});
