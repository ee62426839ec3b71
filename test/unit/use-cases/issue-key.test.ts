import { describe, expect, it } from 'vitest';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { newKeyId, parseKey } from '../../../lambdas/core/domain/key-format.ts';
import { issueKey } from '../../../lambdas/core/use-cases/issue-key.ts';
import { parseIssueOrder } from '../../../lambdas/core/use-cases/issue-order.ts';
import { resolvePolicies } from '../../../rules/resolve-policy.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';
import { seededRandomBytes } from '../../support/random-bytes.ts';

const resolved = resolvePolicies({});
const POLICIES = resolved.ok ? resolved.value : new Map();

const GOOD = { owner: 'team@example.com', name: 'A client', environment: 'live', scopes: ['tools:*'] };
const parse = (changes: Record<string, unknown> = {}) => parseIssueOrder({ ...GOOD, ...changes }, POLICIES);
const ofLength = (length: number): string => `a@${'b'.repeat(length - 'a@.example.com'.length)}.example.com`;

describe('parseIssueOrder', () => {
  it('fills in the standard policy, delivery to the operator, and addresses from anywhere', () => {
    expect(parse()).toEqual({
      ok: true,
      value: { ...GOOD, policy: 'standard', delivery: 'operator', allowedAddresses: [] },
    });
  });

  it.each([
    [{ name: '  spaced  ' }, { name: 'spaced' }],
    [{ name: 'x'.repeat(100) }, { name: 'x'.repeat(100) }],
    [{ owner: ofLength(254) }, { owner: ofLength(254) }],
    [{ environment: 'test' }, { environment: 'test' }],
    [{ policy: 'high-security' }, { policy: 'high-security' }],
    [{ purpose: 'nightly import' }, { purpose: 'nightly import' }],
    [{ scopes: ['a:b', 'c:d', 'a:b'] }, { scopes: ['a:b', 'c:d'] }],
    [{ allowedAddresses: ['203.0.113.0/24', '::1'] }, { allowedAddresses: ['203.0.113.0/24', '::1'] }],
  ])('takes %j', (changes, expected) => {
    expect(parse(changes)).toMatchObject({ ok: true, value: expected });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ owner: undefined }, /^owner 'undefined' is not a mail address/],
    [{ owner: '' }, /^owner '' is not a mail address/],
    [{ owner: 'team' }, /^owner 'team' is not a mail address/],
    [{ owner: 'a@b@c' }, /^owner 'a@b@c' is not a mail address/],
    [{ owner: 'a b@example.com' }, /^owner 'a b@example.com' is not/],
    [{ owner: 'a@example.com\n' }, /^owner 'a@example.com\n' is not/],
    [{ owner: ofLength(255) }, /is not a mail address/],
    [{ owner: 7 }, /^owner '7' is not/],
    [{ owner: `${'a'.repeat(65)}@example.com` }, /is not a mail address/],
    [{ owner: 'a,b@example.com' }, /^owner 'a,b@example.com' is not a mail address/],
    [{ owner: 'Team <a@example.com>' }, /^owner 'Team <a@example.com>' is not a mail address/],
    [{ name: undefined }, /^name \(absent\) is not text/],
    [{ name: '   ' }, /^name ' {3}' is empty/],
    [{ name: 'x'.repeat(101) }, /^name has 101 characters, more than 100/],
    [{ environment: undefined }, /^environment 'undefined' is not known/],
    [{ environment: 'prod' }, /^environment 'prod' is not known/],
    [{ scopes: undefined }, /^scopes \(absent\) is not a list/],
    [{ scopes: [] }, /^scopes \[\] is not a list of 1 to 50/],
    [{ scopes: 'tools:*' }, /^scopes "tools:\*" is not a list/],
    [{ scopes: Array.from({ length: 51 }, (_, n) => `a:${n}`) }, /^scopes has 51 scopes, more than 50\.$/],
    [{ scopes: ['tools'] }, /^The scope 'tools' has no colon/],
    [{ scopes: ['a:b', 'A:b'] }, /^The scope 'A:b' has the area/],
    [{ scopes: [['a:b']] }, /^The scope \["a:b"\] is not text/],
    [{ scopes: [7] }, /^The scope 7 is not text/],
    [{ policy: 'none' }, /^policy 'none' is not deployed/],
    [{ policy: 7 }, /^policy '7' is not deployed/],
    [{ delivery: 'mail' }, /^delivery 'mail' is not available/],
    [{ purpose: 'x'.repeat(101) }, /^purpose has 101 characters, more than 100/],
    [{ purpose: 7 }, /^purpose 7 is not text/],
    [{ allowedAddresses: '203.0.113.0/24' }, /^allowedAddresses "203.0.113.0\/24" is not a list/],
    [
      { allowedAddresses: Array.from({ length: 51 }, () => '::1') },
      /^allowedAddresses has 51 addresses, more than 50\.$/,
    ],
    [{ allowedAddresses: ['example.com'] }, /^allowed address 'example.com' is neither/],
    [{ allowedAddresses: [['203.0.113.7']] }, /is neither an address nor a CIDR block/],
    [{ allowedAddresses: [null] }, /is neither an address nor a CIDR block/],
  ])('refuses %j with what was wrong and the mend', (changes, message) => {
    expect(parse(changes)).toEqual({
      ok: false,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/^(Give|Choose|Write) .+\.$/),
    });
  });

  it('names the policies there are', () => {
    const refusal = parse({ policy: 'none' });

    expect(!refusal.ok && refusal.hint).toBe('Choose one of standard, high-security, public-read, drill.');
  });
});

describe('issueKey', () => {
  const order = parse({ purpose: 'nightly import' });
  if (!order.ok) throw new Error(order.message);

  it('makes version 1 active and received, with the first event of its chain', async () => {
    const { deps, table, clock } = new MemoryWorld();

    const { record, key } = await issueKey(deps, order.value, OPERATOR);

    expect(parseKey(key.reveal())).toEqual({
      ok: true,
      key: { prefix: 'mk', environment: 'live', keyId: record.keyId },
    });
    expect(record).toMatchObject({
      status: 'enabled',
      revision: 1,
      dueAtMs: clock.nowMs + 90 * 86_400_000,
      versions: [{ version: 1, status: 'active', pepperVersion: '1', receivedAtMs: clock.nowMs }],
    });
    expect(table.keys.get(record.keyId)).toEqual(record);
    expect(table.events.get(record.keyId)).toMatchObject([
      { action: 'key.issued', sequence: 1, actor: OPERATOR, detail: { owner: 'team@example.com' } },
    ]);
    expect(firstBrokenLink(table.events.get(record.keyId) ?? [])).toBeUndefined();
  });

  it('stores the key as a hash alone', async () => {
    const { deps, table } = new MemoryWorld();

    const { key } = await issueKey(deps, order.value, OPERATOR);

    const stored = JSON.stringify([...table.keys.values(), ...table.events.values()]);
    expect(stored).not.toContain(key.reveal().slice(21, 64));
    expect(table.seals.size).toBe(0);
  });

  it('makes another key when the id is taken, and overwrites nothing', async () => {
    // Prepare: two deployments' sources begin alike, so that the first id comes twice.
    const world = new MemoryWorld({ randomBytes: seededRandomBytes('the same') });
    const taken = await issueKey(world.deps, order.value, OPERATOR);
    const again = { ...world.deps, randomBytes: seededRandomBytes('the same') };
    expect(newKeyId(seededRandomBytes('the same'))).toBe(taken.record.keyId);

    // Act
    const { record, key } = await issueKey(again, order.value, OPERATOR);

    // Assess
    expect(record.keyId).not.toBe(taken.record.keyId);
    expect(world.table.keys.get(taken.record.keyId)).toEqual(taken.record);
    expect((await world.authorizer().authorize(key.reveal())).outcome).toBe('allowed');
    expect((await world.authorizer().authorize(taken.key.reveal())).outcome).toBe('allowed');
  });

  it('hashes under the current pepper', async () => {
    const { deps, peppers } = new MemoryWorld();
    peppers.rotateTo('2');

    const { record } = await issueKey(deps, order.value, OPERATOR);

    expect(record.versions[0]?.pepperVersion).toBe('2');
  });
});
