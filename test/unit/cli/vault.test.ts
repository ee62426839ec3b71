import { describe, expect, test } from 'vitest';
import { keyturn } from './fake-world.ts';
import { KEY_ID, refusal, SUMMARY } from './samples.ts';

const STATUS = {
  address: 'https://vault.example.com:8200',
  namespace: 'team-a',
  mount: 'secret',
  state: 'active',
  version: '2.7.2',
  ready: true,
  trouble: null,
  backupBucket: 'backups',
} as const;
const OTHER_ID = 'Zz3dEf6hIj9k';

/** Two keys in the vault and one that is not, over two pages. */
const pages = {
  list: ({ nextToken }: { readonly nextToken?: string }) =>
    nextToken === undefined
      ? {
          keys: [
            { ...SUMMARY, delivery: 'vault' as const },
            { ...SUMMARY, keyId: 'Op3rat0rKey1' },
          ],
          nextToken: 'two',
        }
      : { keys: [{ ...SUMMARY, keyId: OTHER_ID, delivery: 'vault' as const }], nextToken: null },
};

describe('vault status', () => {
  test('says what the vault is', async () => {
    const { sent, exitCode, stdout } = await keyturn(['vault', 'status'], {
      admin: { 'vault-status': () => STATUS },
    });
    expect({ sent, exitCode }).toEqual({ sent: [{ action: 'vault-status', input: {} }], exitCode: 0 });
    expect(stdout).toMatch(
      /^vault +https:\/\/vault\.example\.com:8200\nnamespace +team-a\nmount +secret\nstate +active\n/,
    );
  });

  test('fails with the reason when keys cannot be delivered', async () => {
    const trouble = 'The vault at https://vault.example.com:8200 is sealed. Unseal it.';
    const sealed = { ...STATUS, namespace: null, state: 'sealed' as const, ready: false, trouble };
    const { exitCode, stdout } = await keyturn(['vault', 'status'], {
      admin: { 'vault-status': () => sealed },
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`\n${trouble}\n`);
    expect(stdout).not.toContain('namespace');
  });

  test('is of no key', async () => {
    for (const more of [[KEY_ID], ['--all'], ['--backup', 'b1']])
      expect((await keyturn(['vault', 'status', ...more])).exitCode).toBe(2);
  });
});

describe('vault backup', () => {
  const admin = {
    ...pages,
    'vault-backup': ({ keyId, backupId }: { keyId: string; backupId: string }) => ({
      keyId,
      backupId,
      versions: 2,
    }),
  };

  test('of one key is named by the time', async () => {
    const { sent, exitCode, stdout } = await keyturn(['vault', 'backup', KEY_ID], { admin });
    expect({ sent, exitCode }).toEqual({
      sent: [{ action: 'vault-backup', input: { keyId: KEY_ID, backupId: '2026-11-23T14-00-00Z' } }],
      exitCode: 0,
    });
    expect(stdout).toMatch(new RegExp(`^Backup 2026-11-23T14-00-00Z\\n.*\\n${KEY_ID} +2\\n`));
  });

  test('of all takes every key that is delivered to the vault, under one name', async () => {
    const { sent, stdout } = await keyturn(['vault', 'backup', '--all', '--backup', 'before', '--json'], {
      admin,
    });
    expect(sent.filter(({ action }) => action === 'vault-backup').map(({ input }) => input)).toEqual([
      { keyId: KEY_ID, backupId: 'before' },
      { keyId: OTHER_ID, backupId: 'before' },
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ backupId: 'before', keys: [{ versions: 2 }, {}], failed: [] });
  });

  test('of all goes on after a key that fails, and says so in the end', async () => {
    const broken = {
      ...admin,
      'vault-backup': ({ keyId, backupId }: { keyId: string; backupId: string }) => {
        if (keyId === KEY_ID) throw refusal('vault-trouble', { message: 'The vault is sealed.' });
        return { keyId, backupId, versions: 0 };
      },
    };
    const { exitCode, stdout } = await keyturn(['vault', 'backup', '--all'], { admin: broken });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`${OTHER_ID} +none in the vault\\n${KEY_ID}: The vault is sealed\\.`));
  });

  test.each([
    ['bad-request', 2],
    ['not-configured', 1],
  ] as const)('of all ends at once where %s is so for every key', async (code, exitCode) => {
    const told = await keyturn(['vault', 'backup', '--all'], {
      admin: {
        ...pages,
        'vault-backup': () => {
          throw refusal(code);
        },
      },
    });
    expect(told).toMatchObject({ exitCode, stdout: '' });
    expect(told.stderr).toContain('Mend it.');
    expect(told.sent.filter(({ action }) => action === 'vault-backup')).toHaveLength(1);
  });

  test('of one key that fails is that failure', async () => {
    const broken = {
      'vault-backup': () => {
        throw refusal('vault-trouble', { message: 'The vault is sealed.' });
      },
    };
    const { exitCode, stderr, stdout } = await keyturn(['vault', 'backup', KEY_ID], { admin: broken });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('The vault is sealed.');
  });

  test.each([[[]], [[KEY_ID, '--all']], [['not-an-id']]])('refuses %j', async (args) => {
    expect((await keyturn(['vault', 'backup', ...args], { admin })).exitCode).toBe(2);
  });
});

describe('vault restore', () => {
  test('is of the newest backup, or of the one that is named', async () => {
    const restored = { keyId: KEY_ID, backupId: 'b1', version: 2, written: [1, 2] };
    const admin = { 'vault-restore': () => restored };
    const newest = await keyturn(['vault', 'restore', KEY_ID], { admin });
    expect(newest.sent).toEqual([{ action: 'vault-restore', input: { keyId: KEY_ID } }]);
    expect(newest.stdout).toMatch(new RegExp(`${KEY_ID} +version 2 +1, 2 from b1`));
    const named = await keyturn(['vault', 'restore', KEY_ID, '--backup', 'b1'], { admin });
    expect(named.sent[0]?.input).toEqual({ keyId: KEY_ID, backupId: 'b1' });
  });

  test('of all says what was there already', async () => {
    const admin = {
      ...pages,
      'vault-restore': ({ keyId }: { keyId: string }) => ({ keyId, backupId: null, version: 1, written: [] }),
    };
    const { exitCode, stdout } = await keyturn(['vault', 'restore', '--all'], { admin });
    expect(exitCode).toBe(0);
    expect(stdout.match(/nothing: it was there/g)).toHaveLength(2);
  });
});

test('what to do with the vault must be said', async () => {
  expect((await keyturn(['vault'])).exitCode).toBe(2);
  expect((await keyturn(['vault', 'unseal'])).exitCode).toBe(2);
});
