import { describe, expect, test } from 'vitest';
import type { AdminErrorCode, VersionView } from '../../../lambdas/functions/admin/contract.ts';
import { keyturn } from './fake-world.ts';
import {
  DELIVERED,
  ISSUED,
  KEY,
  KEY_ID,
  keyView,
  migrationView,
  NEW_KEY,
  refusal,
  rotationView,
  SUMMARY,
} from './samples.ts';

const ISSUE = ['issue', '--owner', 'a@example.com', '--name', 'n', '--env', 'live', '--scope', 'tools:a'];

const NOW = '2026-11-23T14:00:00.000Z';

describe('issue', () => {
  test('sends every flag in the words of the contract', async () => {
    const more = ['--scope', 'tools:b', '--policy', 'high-security', '--purpose', 'trial'];
    const addresses = ['--allow-from', '203.0.113.0/24', '--allow-from', '2001:db8::1'];
    const { sent } = await keyturn([...ISSUE, ...more, ...addresses], { admin: { issue: () => ISSUED } });
    expect(sent).toEqual([
      {
        action: 'issue',
        input: {
          owner: 'a@example.com',
          name: 'n',
          environment: 'live',
          scopes: ['tools:a', 'tools:b'],
          policy: 'high-security',
          delivery: 'operator',
          purpose: 'trial',
          allowedAddresses: ['203.0.113.0/24', '2001:db8::1'],
        },
      },
    ]);
  });

  test('names the readers of a secret, and where the key is read', async () => {
    const [one, other] = ['role/search-agent', 'user/ci'].map((name) => `arn:aws:iam::111122223333:${name}`);
    const place = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/Ab3dEf6hIj9k-AbCdEf';
    const { key: _key, ...placed } = { ...ISSUED, delivery: 'secrets-manager' as const, place };
    const { sent, stdout } = await keyturn(
      [...ISSUE, '--delivery', 'secrets-manager', '--reader', String(one), '--reader', String(other)],
      { admin: { issue: () => placed } },
    );
    expect(sent[0]?.input).toMatchObject({ delivery: 'secrets-manager', readers: [one, other] });
    expect(stdout).toMatch(new RegExp(`read from +${place}`));
    const shown = await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ place }) } });
    expect(shown.stdout).toMatch(new RegExp(`read from +${place}`));
  });

  test('refuses a reader that is no role and no user before anything is sent', async () => {
    const { exitCode, stderr, sent } = await keyturn([
      ...ISSUE,
      '--reader',
      'arn:aws:iam::111122223333:root',
    ]);
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(/arn:aws:iam::111122223333:role\/search-agent/);
  });

  test('prints the key once, on a line of its own, with the warning before it', async () => {
    const { exitCode, stdout, stderr } = await keyturn(ISSUE, { admin: { issue: () => ISSUED } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.includes(KEY))).toEqual([KEY]);
    expect(lines[lines.indexOf(KEY) - 2]).toMatch(/once and never again/);
    expect(stdout).toMatch(/created +2026-11-23T14:00:00Z \(/);
  });

  test('--json is the contract value and nothing else', async () => {
    const { stdout, stderr } = await keyturn([...ISSUE, '--json'], { admin: { issue: () => ISSUED } });
    expect(JSON.parse(stdout)).toEqual(ISSUED);
    expect(stderr).toBe('');
  });
});

describe('list', () => {
  const page = { keys: [SUMMARY, { ...SUMMARY, keyId: 'Zz3dEf6hIj9k', rotating: true }], nextToken: 'abc' };

  test('asks for a page with the filters given', async () => {
    const { sent } = await keyturn(
      ['list', '--owner', 'a@b', '--status', 'all', '--limit', '7', '--next-token', 't'],
      { admin: { list: () => page } },
    );
    expect(sent[0]?.input).toEqual({ owner: 'a@b', status: 'all', limit: 7, nextToken: 't' });
  });

  test('prints a line per key and how to see more', async () => {
    const { stdout } = await keyturn(['list'], { admin: { list: () => page } });
    expect(stdout).toMatch(/^KEY ID +STATUS/);
    expect(stdout).toMatch(/^Ab3dEf6hIj9k {2}enabled {2}live {2}team@example.com {2}Billing agent/m);
    expect(stdout).toMatch(/1 \(rotating\)/);
    expect(stdout).toContain('--next-token abc');
  });

  test('--json is the page', async () => {
    const { stdout } = await keyturn(['--json', 'list'], { admin: { list: () => page } });
    expect(JSON.parse(stdout)).toEqual(page);
  });

  test('no keys is said', async () => {
    const { stdout } = await keyturn(['list'], { admin: { list: () => ({ keys: [], nextToken: null }) } });
    expect(stdout).toBe('There are no keys. Revoked ones are listed with --status all.\n');
  });
});

describe('show', () => {
  const rotating = keyView({
    rotation: rotationView({
      extensions: 2,
      migration: migrationView(),
    }),
    claimable: true,
  });

  test('tells the versions, the rotation and what waits to be claimed', async () => {
    const { stdout } = await keyturn(['show', KEY_ID], { admin: { show: () => rotating } });
    expect(stdout).toMatch(/^Key Ab3dEf6hIj9k {2}enabled/);
    expect(stdout).toMatch(/allowed from +anywhere/);
    expect(stdout).toMatch(/ 1 {2}active +42 {2}2026-11-23T13:58:00Z \(2 minutes ago\)/);
    expect(stdout).toMatch(/both accepted until +2026-11-23T15:00:00Z \(in 1 hour\)/);
    expect(stdout).toMatch(/37 % of 100 requests on version 2 \(95 % needed\)/);
    expect(stdout).toContain(`keyturn claim ${KEY_ID}`);
  });

  test('tells of a claim that is disputed, and names the emergency, while its version is accepted', async () => {
    const [version] = keyView().versions;
    const disputed = { ...version, delivery: { ...DELIVERED, disputedAt: '2026-11-23T13:58:00.000Z' } };
    const shown = async (changes: object) => {
      const show = () => keyView({ versions: [disputed as VersionView], ...changes });
      return (await keyturn(['show', KEY_ID], { admin: { show } })).stdout;
    };
    const told = await shown({});
    expect(told).toContain('Version 1 was taken by somebody else');
    expect(told).toContain('2026-11-23T13:58:00Z (2 minutes ago)');
    expect(told).toContain(`keyturn emergency ${KEY_ID} --reason "Claim disputed" --immediate`);
    expect(await shown({ status: 'revoked' })).not.toContain('taken by somebody else');
    const retired = { ...disputed, status: 'retired' };
    expect(await shown({ versions: [retired] })).not.toContain('taken by somebody else');
  });

  test('draws how clients move, minute by minute, and names what was refused', async () => {
    const minutes = Array.from({ length: 10 }, (_, index) => ({
      minute: `2026-11-23T13:5${index}:00.000Z`,
      oldRequests: 9 - index,
      newRequests: index,
      refusedRequests: index === 9 ? 12 : 0,
      newShare: index === 0 ? null : index / 9,
      refusedShare: index === 9 ? 12 / 21 : 0,
    }));
    const rotation = rotationView({
      minutes,
      migration: migrationView({ refusedRequests: 12, refusedShare: 0.12 }),
    });
    const { stdout } = await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ rotation }) } });
    const lines = stdout.split('\n');
    const at = lines.indexOf('  MINUTE (UTC)      VERSION 1  VERSION 2  REFUSED  MOVED');
    expect(lines.slice(at + 1, at + 10)).toEqual([
      '  2026-11-23 13:52          7          2        0   22 % ████',
      '  2026-11-23 13:53          6          3        0   33 % ██████',
      '  2026-11-23 13:54          5          4        0   44 % ████████',
      '  2026-11-23 13:55          4          5        0   55 % ███████████',
      '  2026-11-23 13:56          3          6        0   66 % █████████████',
      '  2026-11-23 13:57          2          7        0   77 % ███████████████',
      '  2026-11-23 13:58          1          8        0   88 % █████████████████',
      '  2026-11-23 13:59          0          9       12  100 % ████████████████████',
      '  and 2 minutes before, which --json lists',
    ]);
    expect(stdout).toMatch(/refused +12 requests, 12 % of the key's/);
  });

  test.each([
    [null, null, null],
    [840, null, 'none yet'],
    [840, 1_320, '1.3 s after the start'],
  ])('an emergency refused after %s ms, a request after %s ms: %s', async (refused, first, text) => {
    const rotation = rotationView({ refusedAfterMs: refused, firstRefusalAfterMs: first });
    const { stdout } = await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ rotation }) } });
    expect(/first refused request +(.*)/.exec(stdout)?.[1] ?? null).toBe(text);
  });

  test('names who still uses the old version, five of them, and nothing that moves the cursor', async () => {
    const stragglers = Array.from({ length: 7 }, (_, number) => ({
      address: `203.0.113.${number}`,
      userAgent: number === 0 ? 'cron\u001b[2J\u202e/1' : 'x'.repeat(160),
      requests: 10 - number,
      lastUsedAt: '2026-11-23T13:58:00.000Z',
    }));
    const show = () => keyView({ rotation: rotationView({ stragglers }) });
    const { stdout } = await keyturn(['show', KEY_ID], { admin: { show } });
    const lines = stdout.split('\n');
    const at = lines.indexOf('  Still on version 1');
    expect(lines.slice(at + 1, at + 8)).toEqual([
      expect.stringMatching(/^ {2}ADDRESS +CLIENT +REQUESTS +LAST USED$/),
      expect.stringMatching(
        /^ {2}203\.0\.113\.0 {2}cron\?\[2J\?\/1 + 10 {2}2026-11-23T13:58:00Z \(2 minutes ago\)$/,
      ),
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^ {2}203\.0\.113\.\d {2}x{60}… /)),
      '  and 2 more, which --json lists',
    ]);
  });

  test('--json is the view', async () => {
    const { stdout } = await keyturn(['show', KEY_ID, '--json'], { admin: { show: () => rotating } });
    expect(JSON.parse(stdout)).toEqual(rotating);
  });
});

describe('colour', () => {
  const admin = { show: () => keyView() };
  const colourCode = '\u001b[';

  test('on a terminal only, and not with NO_COLOR', async () => {
    const onTerminal = { admin, stdoutIsTty: true };
    expect((await keyturn(['show', KEY_ID], onTerminal)).stdout).toContain(colourCode);
    expect((await keyturn(['show', KEY_ID], { ...onTerminal, env: { NO_COLOR: '1' } })).stdout).not.toContain(
      escape,
    );
    expect((await keyturn(['show', KEY_ID], { admin })).stdout).not.toContain(colourCode);
    expect((await keyturn(['show', KEY_ID, '--json'], onTerminal)).stdout).not.toContain(colourCode);
  });
});

describe('claim', () => {
  const claim = () => ({ keyId: KEY_ID, version: 2, key: NEW_KEY });

  test('prints the key once', async () => {
    const { stdout, stderr } = await keyturn(['claim', KEY_ID], { admin: { claim } });
    expect(stdout.split(NEW_KEY)).toHaveLength(2);
    expect(stderr).toBe('');
  });

  test('--json is the key', async () => {
    const { stdout } = await keyturn(['claim', KEY_ID, '--json'], { admin: { claim } });
    expect(JSON.parse(stdout)).toEqual(claim());
  });
});

describe('rollback', () => {
  const ROTATING = keyView({
    versions: [
      {
        version: 1,
        status: 'deprecating',
        createdAt: NOW,
        expiresAt: NOW,
        lastUsedAt: NOW,
        requests: 7,
        delivery: DELIVERED,
      },
      {
        version: 2,
        status: 'active',
        createdAt: NOW,
        expiresAt: null,
        lastUsedAt: NOW,
        requests: 3,
        delivery: DELIVERED,
      },
    ],
  });

  test('asks first, saying which version is refused and when it was last used', async () => {
    const admin = { show: () => ROTATING, rollback: () => keyView() };
    const yes = await keyturn(['rollback', KEY_ID, '--reason', 'broken'], { admin, answer: true });
    expect(yes.exitCode).toBe(0);
    expect(yes.questions).toEqual([
      expect.stringMatching(/Refuse version 2 of key .* last used .* back to version 1\?/),
    ]);
    expect(yes.sent.map(({ action }) => action)).toEqual(['show', 'rollback']);
  });

  test('a no sends nothing', async () => {
    const admin = { show: () => ROTATING, rollback: () => keyView() };
    const no = await keyturn(['rollback', KEY_ID, '--reason', 'broken'], { admin, answer: false });
    expect(no.exitCode).toBe(1);
    expect(no.sent.map(({ action }) => action)).toEqual(['show']);
  });

  test('nothing to roll back: exit 1 with the mend', async () => {
    const admin = {
      rollback: () => {
        throw refusal('nothing-to-roll-back');
      },
    };
    const { exitCode, stderr } = await keyturn(
      ['rollback', KEY_ID, '--reason', 'broken', '--yes', '--json'],
      {
        admin,
      },
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'nothing-to-roll-back' });
  });
});

describe('disable, enable, revoke', () => {
  test.each(['disable', 'enable', 'revoke'] as const)('%s sends the reason', async (action) => {
    const { exitCode, sent } = await keyturn([action, KEY_ID, '--reason', 'left the company', '--yes'], {
      admin: { [action]: () => keyView() },
    });
    expect(exitCode).toBe(0);
    expect(sent).toEqual([{ action, input: { keyId: KEY_ID, reason: 'left the company' } }]);
  });

  test('revoke asks first, naming the key and its owner', async () => {
    const admin = { show: () => keyView(), revoke: () => keyView({ status: 'revoked' }) };
    const yes = await keyturn(['revoke', KEY_ID, '--reason', 'gone'], { admin, answer: true });
    expect(yes.questions).toEqual([
      expect.stringMatching(/Ab3dEf6hIj9k.*Billing agent.*team@example.com.*for good/),
    ]);
    expect(yes.sent.map(({ action }) => action)).toEqual(['show', 'revoke']);
    expect(yes.exitCode).toBe(0);
  });

  test('a no changes nothing and exits 1', async () => {
    const no = await keyturn(['revoke', KEY_ID, '--reason', 'gone'], {
      admin: { show: () => keyView() },
      answer: false,
    });
    expect(no.sent.map(({ action }) => action)).toEqual(['show']);
    expect(no).toMatchObject({ exitCode: 1, stdout: '' });
  });
});

describe('refusals of the admin function', () => {
  const EXPECTED: readonly (readonly [AdminErrorCode, number])[] = [
    ['bad-request', 2],
    ['unknown-key', 3],
    ['rotation-running', 4],
    ['conflict', 4],
    ['rotation-refused', 1],
    ['key-disabled', 1],
    ['key-revoked', 1],
    ['nothing-to-claim', 1],
    ['internal', 1],
  ];

  test.each(EXPECTED)('%s exits %i, in words and as JSON', async (code, exitCode) => {
    const admin = {
      show() {
        throw refusal(code);
      },
    };
    const told = await keyturn(['show', KEY_ID], { admin });
    expect(told).toMatchObject({
      exitCode,
      stdout: '',
      stderr: `error: Refused: ${code}.\nmend:  Mend it.\n`,
    });
    const json = await keyturn(['show', KEY_ID, '--json'], { admin });
    expect(json).toMatchObject({ exitCode, stdout: '' });
    expect(JSON.parse(json.stderr)).toEqual({
      error: { code, message: `Refused: ${code}.`, hint: 'Mend it.' },
    });
  });

  test('the running rotation comes with the refusal', async () => {
    const rotation = rotationView();
    const admin = {
      rotate() {
        throw refusal('rotation-running', { rotation });
      },
    };
    const { exitCode, stderr } = await keyturn(['rotate', KEY_ID, '--json'], { admin });
    expect(exitCode).toBe(4);
    expect(JSON.parse(stderr).error.rotation).toEqual(rotation);
  });

  test('what nobody foresaw is said without a stack, and never with a key in it', async () => {
    const admin = {
      show() {
        throw new TypeError(`cannot read ${KEY}`);
      },
    };
    const { exitCode, stderr } = await keyturn(['show', KEY_ID], { admin });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/mk_live_Ab3dEf6hIj9k_\[redacted\]/);
    expect(stderr).not.toContain('sssss');
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
