/** How addresses want their mails, and who is told of a key: what operators set, on record. */
import { beforeEach, describe, expect, it } from 'vitest';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { wantsMail } from '../../../lambdas/core/domain/owner-settings.ts';
import { changeOwnerSettings } from '../../../lambdas/core/use-cases/change-owner-settings.ts';
import type { AdminResponse } from '../../../lambdas/functions/admin/contract.ts';
import {
  type OwnerAdminDeps,
  owner,
  setOwner,
  setRecipients,
} from '../../../lambdas/functions/admin/owner-actions.ts';
import { LEAVABLE_KINDS, MAIL_KINDS } from '../../../rules/mail-kinds.ts';
import { MemoryOwnerSettings } from '../../support/memory-owner-settings.ts';
import { MemoryWorld, OPERATOR } from '../../support/memory-world.ts';

const ADDRESS = 'Team@Example.com';
const CHAIN = 'owner/team@example.com';
const untyped = (value: unknown) => value as never;

let world: MemoryWorld;
let deps: OwnerAdminDeps;

beforeEach(() => {
  world = new MemoryWorld();
  deps = { store: world.store, owners: new MemoryOwnerSettings(world.table), clock: world.clock.read };
});

function resultOf<Result>(response: AdminResponse<Result>): Result {
  if (!response.ok) throw new Error(`${response.error.code}: ${response.error.message}`);
  return response.result;
}
const errorOf = (response: AdminResponse) => (response.ok ? undefined : response.error);

describe('an owner', () => {
  it('of whom nothing is stored reads English, in UTC, and everything', async () => {
    expect(resultOf(await owner(deps, { address: ADDRESS }))).toEqual({
      address: ADDRESS,
      locale: 'en',
      timeZone: 'UTC',
      unsubscribed: [],
    });
  });

  it('is set, in canonical words, with one event a change; what is so already is not written', async () => {
    const change = { locale: 'DE-at', timeZone: 'europe/berlin', unsubscribe: ['retired', 'reminder'] };
    const expected = { locale: 'de-AT', timeZone: 'Europe/Berlin', unsubscribed: ['reminder', 'retired'] };
    for (const address of [ADDRESS, 'team@example.com', 'TEAM@example.com']) {
      expect(resultOf(await setOwner(deps, { address, ...change }, OPERATOR))).toEqual({
        address,
        ...expected,
      });
    }
    await setOwner(deps, { address: ADDRESS, subscribe: ['retired'] }, OPERATOR);
    expect(resultOf(await owner(deps, { address: ADDRESS })).unsubscribed).toEqual(['reminder']);

    const events = world.table.chains.get(CHAIN) ?? [];
    expect(events.map(({ action, detail }) => [action, detail['unsubscribed']])).toEqual([
      ['owner.settings-changed', ['reminder', 'retired']],
      ['owner.settings-changed', ['reminder']],
    ]);
    expect(events[0]).toMatchObject({ actor: OPERATOR, owner: ADDRESS, detail: { locale: 'de-AT' } });
    expect(firstBrokenLink(events)).toBeUndefined();
  });

  it('is changed by two at once without losing either', async () => {
    const change = (kind: 'retired' | 'issued') =>
      changeOwnerSettings(deps, ADDRESS, { unsubscribe: [kind] }, { actor: OPERATOR });
    await Promise.all([change('retired'), change('issued')]);
    expect(resultOf(await owner(deps, { address: ADDRESS })).unsubscribed).toEqual(['issued', 'retired']);
    expect(world.table.chains.get(CHAIN)).toHaveLength(2);
  });

  it.each([
    [{ address: 'nobody' }, /address 'nobody' is not a mail address/, /team@example\.com/],
    [{ address: 'a@b.c, d@e.f' }, /is not a mail address/, /without a name/],
    [{ address: 'Team <a@b.c>' }, /is not a mail address/, /without a name/],
    [{ address: 'a@b.c\r\nBcc: d@e.f' }, /is not a mail address/, /without a name/],
    [{ address: 7 }, /'7' is not a mail address/, /team@example\.com/],
    [{ address: ADDRESS, locale: 'tlh' }, /locale 'tlh'/, /en, de, fr, es/],
    [{ address: ADDRESS, locale: {} }, /locale/, /en, de, fr, es/],
    [
      { address: ADDRESS, timeZone: 'Europe/Berln' },
      /time zone 'Europe\/Berln' is not known/,
      /Europe\/Berlin/,
    ],
    [{ address: ADDRESS, unsubscribe: ['emergency'] }, /'emergency' cannot be left/, /issued, reminder/],
    [{ address: ADDRESS, unsubscribe: ['all'] }, /'all' is no kind/, /issued, reminder/],
    [{ address: ADDRESS, subscribe: 'retired' }, /subscribe 'retired' is no list/, /list/],
  ])('is refused with %j', async (input, message, hint) => {
    const error = errorOf(await setOwner(deps, untyped(input), OPERATOR));
    expect(error).toMatchObject({ code: 'bad-request' });
    expect(error?.message).toMatch(message);
    expect(error?.hint).toMatch(hint);
    expect(world.table.chains.size).toBe(0);
  });
});

it('what is safety-critical is wanted whatever is stored', () => {
  const settings = { locale: 'en', timeZone: 'UTC', unsubscribed: untyped([...MAIL_KINDS]) };
  expect(MAIL_KINDS.filter((kind) => !wantsMail(settings, kind))).toEqual([...LEAVABLE_KINDS]);
  expect([...LEAVABLE_KINDS].sort()).toEqual(['extended', 'issued', 'reminder', 'retired']);
});

describe('recipients of a key', () => {
  let keyId: string;
  const set = (change: object) => setRecipients(deps, { keyId, ...change }, OPERATOR);
  const many = (count: number) => Array.from({ length: count }, (_, at) => `a${at}@example.com`);

  beforeEach(async () => {
    ({ keyId } = await world.issue({ owner: 'team@example.com' }));
  });

  it('are added and removed on record, each once, and never the owner again', async () => {
    const add = ['ops@example.com', 'OPS@example.com', 'TEAM@example.com', 'sec@example.com'];
    const told = { keyId, owner: 'team@example.com', recipients: ['ops@example.com', 'sec@example.com'] };
    expect(resultOf(await set({ add }))).toEqual(told);
    expect(resultOf(await set({ add }))).toEqual(told);
    expect(resultOf(await set({ remove: ['Ops@example.com'], add: ['new@example.com'] })).recipients).toEqual(
      ['sec@example.com', 'new@example.com'],
    );
    const changes = (world.table.events.get(keyId) ?? []).filter(
      ({ action }) => action === 'key.recipients-changed',
    );
    expect(changes.map(({ detail }) => detail)).toEqual([
      { added: told.recipients, removed: [] },
      { added: ['new@example.com'], removed: ['ops@example.com'] },
    ]);
    expect(world.record(keyId).recipients).toEqual(['sec@example.com', 'new@example.com']);
  });

  it('are ten at most', async () => {
    expect(resultOf(await set({ add: many(10) })).recipients).toHaveLength(10);
    const error = errorOf(await set({ add: ['one@example.com'] }));
    expect(error?.message).toContain('11 recipients beside its owner, more than 10');
    expect(
      resultOf(await set({ add: ['one@example.com'], remove: ['a3@example.com'] })).recipients,
    ).toHaveLength(10);
  });

  it.each([
    [{ add: ['a@localhost'] }, /'a@localhost' is not an address that Amazon SES takes/],
    [{ add: ['ü@example.com'] }, /Amazon SES takes/],
    [{ add: ['x'] }, /add 'x' is not a mail address/],
    [{ add: 'a@example.com' }, /is no list/],
    [{ remove: [null] }, /remove 'null' is not a mail address/],
  ])('refuse %j', async (change, message) => {
    expect(errorOf(await set(change))?.message).toMatch(message);
    expect(world.record(keyId).recipients).toBeUndefined();
  });

  it('are of a key that there is, and not revoked', async () => {
    expect(errorOf(await set({ keyId: 'NoSuchKey000' }))?.code).toBe('unknown-key');
    expect(errorOf(await set({ keyId: untyped(7) }))?.code).toBe('unknown-key');
    world.table.keys.set(keyId, { ...world.record(keyId), status: 'revoked' });
    expect(errorOf(await set({ add: many(1) }))?.code).toBe('key-revoked');
  });
});
