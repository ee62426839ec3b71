/** `keyturn renewal`, and `keyturn issue` with a public key. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RenewalView } from '../../../lambdas/functions/admin/renewal-contract.ts';
import { keyturn } from './fake-world.ts';
import { ISSUED, KEY_ID, refusal } from './samples.ts';

const directory = mkdtempSync(join(tmpdir(), 'keyturn-jwk-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const PRINT = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
const OTHER = 'A'.repeat(43);
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const PUBLIC = publicKey.export({ format: 'jwk' });
const PRIVATE = privateKey.export({ format: 'jwk' });

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const view = (changes: Partial<RenewalView> = {}): RenewalView => ({
  keyId: KEY_ID,
  status: 'enabled',
  delivery: 'renewal-key',
  registered: { thumbprint: PRINT, curve: 'Ed25519' },
  proposal: null,
  refusedAt: null,
  ...changes,
});
const PROPOSAL = {
  thumbprint: OTHER,
  curve: 'P-256',
  version: 3,
  proposedAt: '2026-11-23T13:00:00.000Z',
  expiresAt: '2026-11-30T13:00:00.000Z',
  address: '203.0.113.9',
  userAgent: 'agent/1.0',
} as const;

const ISSUE = ['issue', '--owner', 'a@example.com', '--name', 'n', '--env', 'live', '--scope', 'tools:a'];

describe('issue --delivery renewal-key', () => {
  const issue = (path: string) => [...ISSUE, '--delivery', 'renewal-key', '--public-key', path];
  const { key: _printed, ...withoutKey } = ISSUED;
  const issued = () => ({ ...withoutKey, delivery: 'renewal-key' as const, thumbprint: PRINT });

  test('sends the public key without what it says beside itself, and shows the thumbprint to compare', async () => {
    const path = file('public.jwk', { ...PUBLIC, kid: 'mine', use: 'sig' });
    const { sent, stdout } = await keyturn(issue(path), { admin: { issue: issued } });
    expect(sent[0]?.input).toMatchObject({ delivery: 'renewal-key', publicKey: PUBLIC });
    expect(sent[0]?.input).not.toHaveProperty('publicKey.kid');
    expect(stdout).toMatch(new RegExp(`thumbprint +${PRINT}`));
    expect(stdout).toMatch(/Compare the thumbprint/);
  });

  test('refuses a private key before anything is sent, and repeats nothing of it', async () => {
    const { exitCode, sent, stdout, stderr } = await keyturn(issue(file('private.jwk', PRIVATE)));
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(/private part \('d'\)/);
    for (const value of [PRIVATE.d, PRIVATE.x]) expect(stdout + stderr).not.toContain(value);
  });

  test.each([
    ['a file that is not there', join(directory, 'missing.jwk'), /no file there/],
    ['a PEM', file('key.pem', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHVz\n'), /not JSON/],
    ['a set of keys', file('set.jwk', { keys: [PUBLIC] }), /set of keys/],
    ['a key that cannot sign', file('x.jwk', { kty: 'OKP', crv: 'X25519', x: PUBLIC.x }), /cannot sign/],
  ])('refuses %s', async (_what, path, message) => {
    const { exitCode, sent, stderr } = await keyturn(issue(path));
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('MC4CAQ');
  });
});

describe('renewal', () => {
  test('shows the registered key, and that somebody tried without its private key', async () => {
    const shown = view({ refusedAt: '2026-11-23T13:30:00.000Z' });
    const { sent, stdout } = await keyturn(['renewal', KEY_ID], { admin: { renewal: () => shown } });
    expect(sent).toEqual([{ action: 'renewal', input: { keyId: KEY_ID } }]);
    expect(stdout).toMatch(new RegExp(`public key +${PRINT}`));
    expect(stdout).toMatch(/refused +a renewal without the private key/);
    expect(stdout).not.toContain('approve');
  });

  test('shows a proposal with where it came from, and what to do before approving it', async () => {
    const { stdout } = await keyturn(['renewal', KEY_ID], {
      admin: { renewal: () => view({ registered: null, proposal: PROPOSAL }) },
    });
    expect(stdout).toMatch(/none is registered/);
    expect(stdout).toMatch(/203\.0\.113\.9 +agent\/1\.0/);
    expect(stdout).toMatch(/by another way/);
    // Not a command to copy, which would approve whatever is there.
    expect(stdout).not.toContain(`approve ${OTHER}`);
  });

  test('--json is the contract value', async () => {
    const shown = view({ proposal: PROPOSAL });
    const { stdout } = await keyturn(['--json', 'renewal', KEY_ID], { admin: { renewal: () => shown } });
    expect(JSON.parse(stdout)).toEqual(shown);
  });
});

describe('renewal approve', () => {
  const approve = ['renewal', KEY_ID, 'approve', OTHER];
  const admin = (before: RenewalView) => ({
    renewal: () => before,
    'approve-renewal': () => view({ registered: { thumbprint: OTHER, curve: 'P-256' } }),
  });

  test('sends the thumbprint that was typed', async () => {
    const { exitCode, sent } = await keyturn(approve, {
      admin: admin(view({ registered: null, proposal: PROPOSAL })),
    });
    expect(exitCode).toBe(0);
    expect(sent.at(-1)).toEqual({
      action: 'approve-renewal',
      input: { keyId: KEY_ID, thumbprint: OTHER },
    });
  });

  test('asks before another key is replaced', async () => {
    const before = view({ proposal: PROPOSAL });
    const no = await keyturn(approve, { admin: admin(before), answer: false });
    expect(no.exitCode).toBe(1);
    expect(no.questions[0]).toContain(PRINT);
    expect(no.sent.map(({ action }) => action)).toEqual(['renewal']);
    expect((await keyturn([...approve, '--yes'], { admin: admin(before) })).exitCode).toBe(0);
    expect((await keyturn(approve, { admin: admin(before) })).exitCode).toBe(2);
  });

  test('that does not fit is refused with what it means', async () => {
    const { exitCode, stderr } = await keyturn(approve, {
      admin: {
        renewal: () => view({ registered: null, proposal: PROPOSAL }),
        'approve-renewal': () => {
          throw refusal('other-thumbprint');
        },
      },
    });
    expect(exitCode).toBe(1);
    expect(stderr).not.toBe('');
  });
});

describe('renewal reject and remove', () => {
  test('give the reason; removing asks first', async () => {
    const reject = await keyturn(['renewal', KEY_ID, 'reject', '--reason', 'not ours'], {
      admin: { 'reject-renewal': () => view() },
    });
    expect(reject.sent).toEqual([{ action: 'reject-renewal', input: { keyId: KEY_ID, reason: 'not ours' } }]);
    const remove = ['renewal', KEY_ID, 'remove', '--reason', 'the laptop is gone'];
    const asked = await keyturn(remove, { admin: { 'remove-renewal': () => view() }, answer: true });
    expect(asked.questions).toHaveLength(1);
    expect(asked.sent.map(({ action }) => action)).toEqual(['remove-renewal']);
    expect((await keyturn(remove)).exitCode).toBe(2);
  });
});

describe('bad usage', () => {
  test.each([
    [['renewal', KEY_ID, 'approve'], /thumbprint is missing/],
    [['renewal', KEY_ID, 'approve', 'short'], /43 letters/],
    [['renewal', KEY_ID, 'reject', PRINT, '--reason', 'x'], /goes with approve alone/],
    [['renewal', KEY_ID, 'reject'], /--reason/],
    [['renewal', KEY_ID, 'remove'], /--reason/],
    [['renewal', KEY_ID, 'renew'], /'renew'/],
    [['renewal'], /keyId/],
  ])('%j is refused before anything is sent', async (args, message) => {
    const { exitCode, sent, stderr } = await keyturn(args, { answer: true });
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(message);
  });
});
