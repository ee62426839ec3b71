import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { SignedDigest } from '../../../lambdas/core/domain/audit-proof/digest.ts';
import { AuditWorld } from '../../support/audit-world.ts';
import { signingKey } from '../../support/proof-bench.ts';
import { keyturn, type World } from './fake-world.ts';

const A = 'key/AAAAAAAAAAAA';
const B = 'key/BBBBBBBBBBBB';

const directory = mkdtempSync(join(tmpdir(), 'keyturn-audit-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(directory, `export-${files++}.jsonl`);
const pemFile = (pem: string): string => {
  const path = join(directory, `key-${files++}.pem`);
  writeFileSync(path, pem);
  return path;
};

let audit: AuditWorld;
/** Three digests, and events that none has yet. */
beforeEach(async () => {
  audit = new AuditWorld();
  await audit.chains.grow(A, B, A, 'pepper', A, A);
  await audit.digest();
  audit.nextDay();
  await audit.chains.grow(A, 'webhook/w1');
  await audit.digest();
  audit.nextDay();
  await audit.chains.grow(B, B);
  await audit.digest();
  await audit.chains.grow(A, 'key/CCCCCCCCCCCC', 'webhook/w1');
});

const world = (): World => ({
  reach: () => ({
    caller: async () => ({ arn: 'arn:aws:iam::111122223333:user/kim', account: '111122223333' }),
    target: async () => ({ stackName: 'Keyturn' }) as never,
    admin: () => audit.admin,
  }),
});
const offline: World = {
  reach: () => {
    throw new Error('No deployment is asked.');
  },
};
const verify = (...args: string[]) => keyturn(['audit', 'verify', ...args], world());
const verifyFile = (path: string, ...args: string[]) =>
  keyturn(['audit', 'verify', '--file', path, ...args], offline);
const json = async (args: string[], of: World = world()) =>
  JSON.parse((await keyturn([...args, '--json'], of)).stdout);

async function exported(...args: string[]): Promise<string> {
  const path = newFile();
  const { exitCode, stderr } = await keyturn(['audit', 'export', '--out', path, ...args], world());
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return path;
}

const digestOf = (day: string) => audit.digests.versions.get(day) as SignedDigest[];

describe('keyturn audit verify', () => {
  it('checks chains, digests and signatures itself, and says what was checked', async () => {
    const { exitCode, stdout } = await verify();
    expect(stdout).toContain('The audit holds.');
    expect(stdout).toContain('5 chains, 13 events, 3 digests');
    expect(stdout).toMatch(/not yet under a digest\s+3 events of 3 chains/);
    expect(stdout).toContain(audit.key.fingerprint);
    expect(stdout).toContain('compare its fingerprint');
    expect(exitCode).toBe(0);
  });

  it('answers in JSON', async () => {
    expect(await json(['audit', 'verify'])).toMatchObject({
      holds: true,
      broken: null,
      checked: { chains: 5, events: 13, digests: 3, notYetUnderDigest: { events: 3, chains: 3 } },
      key: { fingerprint: audit.key.fingerprint, from: 'deployment' },
    });
  });

  it('takes a public key that is known by another way, and is not told by the deployment', async () => {
    const { exitCode, stdout } = await verify('--public-key', pemFile(audit.key.pem));
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('compare its fingerprint');
    const other = await verify('--public-key', pemFile(signingKey().pem));
    expect(other.exitCode).toBe(1);
    expect(other.stdout).toContain('Digest of 2026-11-23: it is signed with another key.');
  });

  it('exits with 1 and names the first broken link', async () => {
    audit.chains.tamper(A, 2, (event) => ({ ...event, reason: 'another' }));
    const { exitCode, stdout } = await verify();
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`The audit is broken. Chain ${A}: event 2 was altered`);
    expect(stdout).toMatch(/whole before it +\d+ chain/);
    expect(stdout).not.toContain('not yet under a digest');
    // Three digests are there: it was broken before they were come to.
    expect(stdout).not.toContain('none yet');
    const [, section = ''] = /docs\/audit\.md, “(.*?)”/.exec(stdout) ?? [];
    expect(readFileSync('docs/audit.md', 'utf8')).toContain(`\n## ${section}\n`);
    expect(await json(['audit', 'verify'])).toMatchObject({
      holds: false,
      broken: { what: 'altered', chain: A, sequence: 2 },
    });
  });

  it.each<[string, () => void, string]>([
    ['a truncated newest event', () => audit.chains.tamper(A, 6, () => undefined), 'truncated'],
    [
      'a chain whose events are all gone',
      () => audit.chains.items.delete('key/CCCCCCCCCCCC'),
      'chain-missing',
    ],
    ['a key whose record is gone', () => audit.chains.keys.delete(B), 'key-gone'],
    ['a swap of two digests', () => swap('2026-11-23', '2026-11-24'), 'digest-reordered'],
    ['a digest that is gone', () => audit.digests.versions.delete('2026-11-24'), 'digest-missing'],
    ['a digest that was written over', () => digestOf('2026-11-24').push({} as never), 'digest-overwritten'],
    ['lists of heads that are gone', () => audit.digests.lists.clear(), 'heads-differ'],
  ])('finds %s', async (_what, tamper, what) => {
    tamper();
    expect(await json(['audit', 'verify'])).toMatchObject({ holds: false, broken: { what } });
  });

  function swap(one: string, other: string): void {
    const { versions } = audit.digests;
    const [first, second] = [versions.get(one) as unknown[], versions.get(other) as unknown[]];
    versions.set(one, second);
    versions.set(other, first);
  }

  it('goes on behind a digest that was written over, from the next one on', async () => {
    digestOf('2026-11-23').push({} as never);
    expect(await json(['audit', 'verify'])).toMatchObject({ holds: false });
    const rest = await json(['audit', 'verify', '--from', '2026-11-24T23:59Z']);
    expect(rest).toMatchObject({ holds: true, checked: { startsAt: { date: '2026-11-24' }, digests: 1 } });
  });

  it('starts at the digest before a period, and ends at the first one after it', async () => {
    const part = await json(['audit', 'verify', '--from', '2026-11-24', '--to', '2026-11-24']);
    expect(part).toMatchObject({
      holds: true,
      checked: {
        startsAt: { date: '2026-11-23' },
        lastDigest: { date: '2026-11-25' },
        events: 4,
        digests: 2,
        notYetUnderDigest: { events: 0 },
      },
    });
    const { stdout } = await verify('--from', '2026-11-24');
    expect(stdout).toMatch(/starts at +the digest of 2026-11-23: what was before/);
  });

  it('takes a digest of the very moment for the one before the period, or after it', async () => {
    const checkedOf = async (...args: string[]) => (await json(['audit', 'verify', ...args])).checked;
    expect(await checkedOf('--from', '2026-11-24T14:00Z')).toMatchObject({
      startsAt: { date: '2026-11-24' },
    });
    expect(await checkedOf('--to', '2026-11-24T14:00Z')).toMatchObject({
      lastDigest: { date: '2026-11-24' },
    });
  });

  it('finds a chain that is new, and was committed a little after the digest that it starts at', async () => {
    audit.clock.advanceSeconds(-1800);
    await audit.chains.grow('emergency/late');
    audit.clock.advanceSeconds(1800);
    const before = {
      holds: true,
      checked: { startsAt: { date: '2026-11-25' }, notYetUnderDigest: { chains: 4 } },
    };
    expect(await json(['audit', 'verify', '--from', '2026-11-25T14:00Z'])).toMatchObject(before);
  });

  it('does not look at what was before a period: that is vouched for by the digest that it starts at', async () => {
    audit.chains.tamper(A, 2, (event) => ({ ...event, reason: 'another' }));
    expect(await json(['audit', 'verify', '--from', '2026-11-24'])).toMatchObject({ holds: true });
  });

  it('finds the digest to start at altered', async () => {
    const [{ digest, signature }] = digestOf('2026-11-23') as [SignedDigest];
    audit.digests.versions.set('2026-11-23', [{ digest: { ...digest, events: 1 }, signature }]);
    expect(await json(['audit', 'verify', '--from', '2026-11-24'])).toMatchObject({
      broken: { what: 'digest-forged', digest: '2026-11-23' },
    });
  });

  it('goes by its own clock: a deployment that hides its last digests may say that it is earlier', async () => {
    audit = new AuditWorld();
    audit.clock.advanceSeconds(-5 * 86_400);
    await audit.chains.grow(A);
    await audit.digest();
    expect((await json(['audit', 'verify'])).broken).toMatchObject({ what: 'digest-overdue' });
  });

  it.each([
    ['of a chain that no digest knows', 'emergency/forged', 40],
    ['of a key that there is', A, 2],
  ])(
    'finds an event dated long before the last digest that is not under it, %s',
    async (_what, chain, days) => {
      audit.clock.advanceSeconds(-days * 86_400);
      await audit.chains.grow(chain);
      audit.clock.advanceSeconds(days * 86_400);
      expect(await json(['audit', 'verify'])).toMatchObject({
        holds: false,
        broken: { what: 'not-in-digest', chain },
      });
    },
  );

  it.each([
    ['from the beginning', []],
    ['from a digest between the break and its mending', ['--from', '2026-11-25T14:00Z']],
  ])('holds with a chain that was broken, left out for it and mended, read %s', async (_what, from) => {
    audit = new AuditWorld();
    await audit.chains.grow(A, B);
    await audit.digest();
    audit.nextDay();
    await audit.chains.grow(A);
    const whole = audit.chains.items.get(A)?.get(2);
    audit.chains.tamper(A, 2, (event) => ({ ...event, reason: 'another' }));
    await audit.digest();
    audit.nextDay();
    await audit.chains.grow(B);
    await audit.digest();
    audit.nextDay();
    audit.chains.tamper(A, 2, () => whole);
    await audit.digest();
    expect(await json(['audit', 'verify', ...from])).toMatchObject({ holds: true });
  });

  it('looks for chains of a period as far back as the digest that it starts at', async () => {
    audit.clock.advanceSeconds(-86_400);
    await audit.chains.grow('emergency/forged');
    audit.clock.advanceSeconds(86_400);
    expect(await json(['audit', 'verify', '--from', '2026-11-24'])).toMatchObject({
      broken: { what: 'not-in-digest', chain: 'emergency/forged' },
    });
  });

  it('holds while keys change under it', async () => {
    let left = 3;
    audit.chains.onEnds = async () => {
      if (left-- > 0) await audit.chains.grow(A);
    };
    expect((await verify()).exitCode).toBe(0);
  });

  it.each([
    [['--from', 'yesterday'], 'is no time'],
    [['--from', '2026-11-25', '--to', '2026-11-23'], 'has no time in it'],
    [['--public-key', '/nowhere'], 'no file there'],
    [['--owner', 'a@example.com'], "'keyturn audit verify' has no option --owner"],
    [['--file', 'x.jsonl', '--from', '2026-11-25'], 'not for a file'],
    [['--file', '/nowhere/x.jsonl'], 'cannot be read'],
  ])('refuses %j', async (args, why) => {
    const { exitCode, stderr } = await verify(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(why) });
  });

  it('refuses a private key, and one that is not on P-256, and quotes neither', async () => {
    const pem = { publicKeyEncoding: { type: 'spki', format: 'pem' } } as const;
    const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
    const others = [
      generateKeyPairSync('ec', { namedCurve: 'P-384', ...pem, privateKeyEncoding }),
      generateKeyPairSync('ec', { namedCurve: 'secp256k1', ...pem, privateKeyEncoding }),
      generateKeyPairSync('ed25519', { ...pem, privateKeyEncoding }),
      generateKeyPairSync('rsa', { modulusLength: 2048, ...pem, privateKeyEncoding }),
    ].map(({ publicKey }) => publicKey);
    for (const pem of ['-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----', 'text', ...others]) {
      const { exitCode, stderr } = await verify('--public-key', pemFile(pem));
      expect(exitCode).toBe(2);
      expect(stderr).not.toContain('secret');
    }
  });
});

describe('keyturn audit export', () => {
  it('writes what can be checked without a deployment, by the same words', async () => {
    const path = await exported();
    const { exitCode, stdout } = await verifyFile(path);
    expect(stdout).toContain('5 chains, 13 events, 3 digests');
    expect(stdout).toContain('The key is the one in the file itself');
    expect(exitCode).toBe(0);
    expect((await verifyFile(path, '--public-key', pemFile(audit.key.pem))).exitCode).toBe(0);
  });

  it('is JSON Lines, a header first and an end last, and holds every event', async () => {
    const lines = readFileSync(await exported(), 'utf8')
      .trimEnd()
      .split('\n');
    const records = lines.map((line) => JSON.parse(line));
    expect(records[0]).toMatchObject({ type: 'header', format: 1, publicKey: audit.key.pem });
    expect(records.at(-1)).toEqual({ type: 'end', records: lines.length - 1, live: true });
    expect(records.filter(({ type }) => type === 'event')).toHaveLength(13);
  });

  it('of a period starts at a digest', async () => {
    const path = await exported('--from', '2026-11-25', '--to', '2026-11-25');
    expect((await json(['audit', 'verify', '--file', path], offline)).checked).toMatchObject({
      startsAt: { date: '2026-11-24' },
      lastDigest: { date: '2026-11-25' },
      events: 5,
    });
  });

  it('goes to standard output for -', async () => {
    const { stdout } = await keyturn(['audit', 'export', '--out', '-'], world());
    const path = newFile();
    writeFileSync(path, stdout);
    expect((await verifyFile(path)).exitCode).toBe(0);
  });

  it('writes over nothing, and leaves no half file behind', async () => {
    const path = await exported();
    const again = await keyturn(['audit', 'export', '--out', path], world());
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('already') });
    const broken = newFile();
    audit.chains.keyHeads = () => Promise.reject(new Error('Throttled.'));
    expect((await keyturn(['audit', 'export', '--out', broken], world())).exitCode).toBe(1);
    const nowhere = await keyturn(['audit', 'export', '--out', join(directory, 'none', 'x')], world());
    expect(nowhere).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('could not be written') });
    expect(
      readdirSync(directory).filter((name) => name.includes('partial') || broken.endsWith(name)),
    ).toEqual([]);
  });

  it('leaves alone what somebody else has put there meanwhile', async () => {
    const path = newFile();
    const heads = audit.chains.keyHeads.bind(audit.chains);
    audit.chains.keyHeads = (...asked) => {
      writeFileSync(path, 'theirs');
      return heads(...asked);
    };
    const late = await keyturn(['audit', 'export', '--out', path], world());
    expect(late).toMatchObject({ exitCode: 1, stdout: '' });
    expect(late.stderr).toMatch(/Somebody else has made '.*' meanwhile\.\n.*Nothing is written over/);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(directory).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('is read whole when its texts hold what splits lines elsewhere', async () => {
    audit.chains.items.clear();
    audit.chains.keys.clear();
    audit = new AuditWorld();
    const separators = 'key/\u2028\u2029\u0085A';
    await audit.chains.grow(separators);
    expect((await verifyFile(await exported())).exitCode).toBe(0);
  });
});

describe('an export', () => {
  const linesOf = async () =>
    readFileSync(await exported(), 'utf8')
      .trimEnd()
      .split('\n');
  const checked = async (lines: readonly string[], end = '\n') => {
    const path = newFile();
    writeFileSync(path, lines.join('\n') + end);
    const verdict = await json(['audit', 'verify', '--file', path], offline);
    return verdict.broken;
  };
  const recounted = (lines: readonly string[]): string[] => [
    ...lines.slice(0, -1),
    JSON.stringify({ type: 'end', records: lines.length - 1, live: true }),
  ];
  const placeOf = (lines: readonly string[], sequence: number): number =>
    lines.findIndex((line) => {
      const { type, chain, event } = JSON.parse(line);
      return type === 'event' && chain === A && (event as AuditEvent).sequence === sequence;
    });

  it('with an altered, a dropped, a doubled or a moved line is broken, and says where', async () => {
    const lines = await linesOf();
    const [second, third] = [placeOf(lines, 2), placeOf(lines, 3)];
    const altered = lines.map((line, place) => (place === second ? line.replace('ops', 'eve') : line));
    expect(await checked(altered)).toMatchObject({ what: 'altered', chain: A, sequence: 2 });
    const dropped = recounted(lines.filter((_, place) => place !== second));
    expect(await checked(dropped)).toMatchObject({ what: 'dropped', chain: A, sequence: 2 });
    const doubled = recounted(lines.flatMap((line, place) => (place === second ? [line, line] : [line])));
    expect(await checked(doubled)).toMatchObject({ what: 'duplicated', chain: A, sequence: 2 });
    const moved = [...lines];
    [moved[second], moved[third]] = [lines[third] as string, lines[second] as string];
    expect(await checked(moved)).toMatchObject({ what: 'reordered', chain: A, sequence: 2 });
  });

  it('that breaks off, in a line or after one, is not whole', async () => {
    const lines = await linesOf();
    expect(await checked(lines.slice(0, -1))).toMatchObject({ what: 'incomplete' });
    expect(await checked([...lines.slice(0, 5), (lines[5] as string).slice(0, 40)], '')).toMatchObject({
      what: 'incomplete',
      sentence: 'Record 6 cannot be read.',
    });
    expect(await checked([])).toMatchObject({ what: 'incomplete' });
  });

  it('with more behind its end is not whole, however far behind', async () => {
    const lines = await linesOf();
    const forged = JSON.stringify({ type: 'event', chain: A, event: { reason: 'forged' } });
    for (const between of ['\n', `${' '.repeat(1_100_000)}\n`, ' '.repeat(1_100_000)])
      expect(await checked(lines, `${between}${forged}\n`)).toMatchObject({ what: 'incomplete' });
  });

  it('in which a reader may see something else than what was checked cannot be read', async () => {
    const lines = await linesOf();
    const place = placeOf(lines, 2);
    const spoken = (lines[place] as string).replace('"action":', '"action":"key.revoked","action":');
    expect(JSON.parse(spoken)).toEqual(JSON.parse(lines[place] as string));
    expect(await checked(lines.with(place, spoken))).toMatchObject({
      sentence: `Record ${place + 1} cannot be read.`,
    });
    expect(await checked(lines.map((line) => `${line}\r`))).toBeNull();
  });

  it('whose header lacks something cannot be read', async () => {
    const [first = '', ...rest] = await linesOf();
    const header = JSON.parse(first);
    for (const wrong of [
      { publicKey: 7 },
      { table: 7 },
      { exportedAt: 'lately' },
      { from: 'x' },
      { format: 2 },
    ])
      expect(await checked([JSON.stringify({ ...header, ...wrong }), ...rest])).toMatchObject({
        sentence: 'Record 1 cannot be read.',
      });
  });

  it('that says it is whole and leaves out its end or its beginning is not', async () => {
    const records = (await linesOf()).map((line) => JSON.parse(line));
    const second = records.findIndex(({ type, digest }) => type === 'digest' && digest.date === '2026-11-24');
    const cut = [...records.slice(0, second + 1), { type: 'end', records: second + 1, live: false }];
    expect(await checked(cut.map((each) => JSON.stringify(each)))).toMatchObject({ what: 'incomplete' });
    const until = (to: string) => [{ ...cut[0], to }, ...cut.slice(1)].map((each) => JSON.stringify(each));
    expect(await checked(until('2026-11-26T00:00:00.000Z'))).toMatchObject({ what: 'incomplete' });
    expect(await checked(until('2026-11-24T00:00:00.000Z'))).toBeNull();

    const part = readFileSync(await exported('--from', '2026-11-25'), 'utf8')
      .trimEnd()
      .split('\n');
    const from = (header: string | null) => [
      JSON.stringify({ ...JSON.parse(part[0] as string), from: header }),
      ...part.slice(1),
    ];
    expect(await checked(from('2026-11-25T00:00:00.000Z'))).toBeNull();
    for (const header of [null, '2026-11-23T00:00:00.000Z'])
      expect(await checked(from(header))).toMatchObject({ what: 'incomplete' });
  });

  it('with a key of its own in place of the deployment’s is told by the key that is known', async () => {
    const other = signingKey();
    const lines = (await linesOf()).map((line) => {
      const record = JSON.parse(line);
      if (record.type === 'header') return JSON.stringify({ ...record, publicKey: other.pem });
      return record.type === 'digest'
        ? JSON.stringify({ type: 'digest', ...other.signs(record.digest) })
        : line;
    });
    const path = newFile();
    writeFileSync(path, `${lines.join('\n')}\n`);
    // By itself it holds: whoever trusts its own key believes whoever made it.
    expect((await verifyFile(path)).stdout).toContain(other.fingerprint);
    expect((await verifyFile(path)).exitCode).toBe(0);
    expect((await verifyFile(path, '--public-key', pemFile(audit.key.pem))).exitCode).toBe(1);
  });
});

it('keyturn audit key shows the public key and its fingerprint, the SHA-256 of what its PEM holds', async () => {
  const { stdout } = await keyturn(['audit', 'key'], world());
  expect(stdout).toContain(audit.key.pem);
  const { publicKey, fingerprint } = await json(['audit', 'key']);
  const der = Buffer.from(publicKey.replace(/-----.*?-----|\s/g, ''), 'base64');
  expect(fingerprint).toBe(createHash('sha256').update(der).digest('hex'));
});
