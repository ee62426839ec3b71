/** `keyturn deliver`, and what `show` and `rotations` say of keys that have not reached their owners. */
import { describe, expect, test } from 'vitest';
import type { DeliveredVersion, DeliveryView, IssuedKey } from '../../../lambdas/functions/admin/contract.ts';
import { type FakeAdmin, keyturn } from './fake-world.ts';
import { DUAL_KEY, rotating } from './rotating-admin.ts';
import { ISSUED, KEY_ID, keyView, refusal, rotationView } from './samples.ts';

const OFFERED: DeliveryView = {
  by: 'claim-link',
  offeredAt: '2026-11-23T13:58:00.000Z',
  linkExpiresAt: '2026-11-30T13:58:00.000Z',
  failure: null,
  receivedAt: null,
  receivedBy: null,
  disputedAt: null,
};
const DELIVERED: DeliveredVersion = { keyId: KEY_ID, version: 2, ...OFFERED };
const LINK = 'https://keys.example.com/claim/Ab3dEf6hIj9k/Zq8Yq1m6tW3nUuJ2d5cV7xK4rP9bN0sLhGfEwDaQiOy';

describe('deliver', () => {
  test('--again asks for the key’s own delivery, and says how it was offered', async () => {
    const told = await keyturn(['deliver', KEY_ID, '--again'], { admin: { deliver: () => DELIVERED } });
    expect(told).toMatchObject({ exitCode: 0, stderr: '' });
    expect(told.sent).toEqual([{ action: 'deliver', input: { keyId: KEY_ID } }]);
    expect(told.stdout).toMatch(/version 2\n.*offered by claim-link, 2026-11-23T13:58:00Z \(2 minutes ago\)/);
  });

  test('--by asks for another way, and shows a link alone on its line', async () => {
    const deliver = () => ({ ...DELIVERED, link: LINK });
    const told = await keyturn(['deliver', KEY_ID, '--by', 'claim-link'], { admin: { deliver } });
    expect(told.sent).toEqual([{ action: 'deliver', input: { keyId: KEY_ID, by: 'claim-link' } }]);
    expect(told.stdout.split('\n')).toContain(LINK);
    expect(told.stdout).toMatch(/shown this once and never again/);
    expect(told.stdout).not.toContain('A mail');
  });

  test.each<[string, Partial<DeliveredVersion>, string | undefined]>([
    ['that a mail went out', {}, "A mail with a link went to the key's owner. The link gives the key once."],
    ['how to take it', { by: 'operator' }, `Take it, once: keyturn claim ${KEY_ID}`],
    ['nothing more of a client that fetches it', { by: 'renewal-key' }, undefined],
    ['nothing more once it is received', { receivedAt: OFFERED.offeredAt, receivedBy: 'link' }, undefined],
  ])('says %s', async (_what, changes, said) => {
    const deliver = () => ({ ...DELIVERED, ...changes });
    const { stdout } = await keyturn(['deliver', KEY_ID, '--again'], { admin: { deliver } });
    expect(stdout.trimEnd().split('\n').slice(2)).toEqual(said === undefined ? [] : ['', said]);
  });

  test('--json writes one value', async () => {
    const told = await keyturn(['deliver', KEY_ID, '--again', '--json'], {
      admin: { deliver: () => DELIVERED },
    });
    expect(JSON.parse(told.stdout)).toEqual(DELIVERED);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['neither --again nor --by', [KEY_ID], /It is not said how to deliver/],
    ['both', [KEY_ID, '--again', '--by', 'operator'], /--by.*--again|--again.*--by/],
    ['a way that is none', [KEY_ID, '--by', 'pigeon'], /pigeon/],
    ['no key', ['--again'], /keyId/],
    ['what is no key id', ['short', '--again'], /'short'/],
  ])('refuses %s with exit 2, and sends nothing', async (_what, args, wrong) => {
    const told = await keyturn(['deliver', ...args]);
    expect(told).toMatchObject({ exitCode: 2, stdout: '', sent: [] });
    expect(told.stderr).toMatch(wrong);
  });

  test.each([
    ['not-delivered', 1],
    ['nothing-to-deliver', 1],
    ['key-revoked', 1],
    ['bad-request', 2],
    ['unknown-key', 3],
    ['conflict', 4],
  ] as const)('ends with the exit code of %s', async (code, exitCode) => {
    const deliver = () => {
      throw refusal(code);
    };
    const told = await keyturn(['deliver', KEY_ID, '--again'], { admin: { deliver } });
    expect(told).toMatchObject({ exitCode, stdout: '' });
    expect(told.stderr).toMatch(/Mend it\./);
  });
});

const withVersion = (delivery: DeliveryView, changes: object = {}) =>
  keyView({
    versions: keyView().versions.map((version) => ({ ...version, delivery })),
    ...changes,
  });

const shown = async (view: ReturnType<typeof keyView>): Promise<string> =>
  (await keyturn(['show', KEY_ID], { admin: { show: () => view } })).stdout;

describe('show', () => {
  test('says that a key waits, and until when', async () => {
    const waitsUntil = '2026-12-07T14:00:00.000Z';
    expect(await shown(withVersion(OFFERED, { waitsUntil }))).toMatch(
      /Version 1: offered by claim-link, .*; its link works until 2026-11-30T13:58:00Z \(in [^)]+\)\nThe new key waits until 2026-12-07T14:00:00Z \(in 14 days\)\./,
    );
  });

  test('says of the version in use how it was received, where a newer one was taken back', async () => {
    const [version] = keyView().versions;
    if (!version) throw new Error('The sample has no version.');
    const received = { ...OFFERED, receivedAt: '2026-11-23T13:59:00.000Z', receivedBy: 'claim' } as const;
    const text = await shown(
      keyView({
        versions: [
          { ...version, delivery: received },
          { ...version, version: 2, status: 'retired', delivery: OFFERED },
        ],
      }),
    );
    expect(text).toContain('Version 1: claimed, 2026-11-23T13:59:00Z');
    expect(text).not.toContain('Version 2:');
  });

  test('says why it was not delivered', async () => {
    const failure = 'The sender keys@acme.dev is not verified in Amazon SES, in this Region.';
    expect(await shown(withVersion({ ...OFFERED, offeredAt: null, failure }))).toContain(
      `Version 1: not delivered by claim-link: ${failure}`,
    );
  });

  test('says when and how it was received', async () => {
    const received = { receivedAt: '2026-11-23T13:59:00.000Z', receivedBy: 'first-use' } as const;
    const text = await shown(withVersion({ ...OFFERED, ...received }));
    expect(text).toContain('Version 1: used for the first time, 2026-11-23T13:59:00Z (1 minute ago)');
    expect(text).not.toContain('waits until');
  });

  test('says that a key is gone, and how to make another', async () => {
    expect(await shown(withVersion(OFFERED, { lost: true }))).toMatch(
      /Version 1 was never received, and its key is gone.*\nMake another: keyturn rotate Ab3dEf6hIj9k/,
    );
    expect(await shown(withVersion(OFFERED, { lost: true, rotation: rotationView() }))).toMatch(
      /keyturn rollback Ab3dEf6hIj9k --reason …, keyturn rotate Ab3dEf6hIj9k/,
    );
  });
});

describe('issue by claim-link', () => {
  const issued = async (changes: Partial<IssuedKey>) => {
    const { key: _, ...key } = ISSUED;
    const issue = () => ({ ...key, delivery: 'claim-link' as const, ...changes });
    const options = ['--owner', 'team@example.com', '--name', 'Agent', '--env', 'live', '--scope', 'tools:*'];
    return (await keyturn(['issue', ...options, '--delivery', 'claim-link'], { admin: { issue } })).stdout;
  };
  const MAILED = 'A mail with a link went to team@example.com.';

  test('says to whom the mail went, and only where one went', async () => {
    expect(await issued({})).toContain(MAILED);
    expect(await issued({ link: LINK })).not.toContain(MAILED);
    expect(await issued({ deliveryFailure: 'It could not be delivered: no sender.' })).not.toContain(MAILED);
  });
});

describe('rotate, of a key that goes to its owner', () => {
  const nothing = () => {
    throw refusal('nothing-to-claim');
  };
  const rotated = async (more: Partial<FakeAdmin>) =>
    (await keyturn(['rotate', KEY_ID], { admin: rotating([DUAL_KEY], { claim: nothing, ...more }) })).stdout;

  test('says by which way, and where to see whether it has arrived', async () => {
    expect(await rotated({ show: () => keyView({ delivery: 'claim-link' }) })).toContain(
      `\nThe key of version 2 goes to its owner by claim-link. Whether it has arrived: keyturn show ${KEY_ID}\n`,
    );
  });

  test('says what it knows when the key is taken here, or cannot be looked at', async () => {
    const unknown = `Version 2 brought no key to take here: it was handed out before, or goes another way. See keyturn show ${KEY_ID}\n`;
    const broken = () => {
      throw refusal('internal');
    };
    expect(await rotated({})).toContain(unknown);
    expect(await rotated({ show: broken })).toContain(unknown);
  });
});

describe('rotations', () => {
  const listed = async (undelivered: 'waiting' | 'gone', endedAt: string | null = null) => {
    const { keyId, owner } = keyView();
    const rotations = () => ({
      rotations: [{ ...rotationView({ undelivered, endedAt }), keyId, owner }],
      nextToken: null,
    });
    return (await keyturn(['rotations'], { admin: { rotations } })).stdout;
  };

  test('names keys whose owners have not received the new one, and what to do', async () => {
    expect(await listed('waiting')).toMatch(
      /has not received version 2\.\n {2}Once more: keyturn deliver Ab3dEf6hIj9k --again/,
    );
    expect(await listed('gone')).toMatch(/version 2 was never received, and is gone\.\n.*keyturn rollback/);
    expect(await listed('gone', '2026-11-23T13:59:00.000Z')).not.toMatch(/never received/);
  });
});
