import { describe, expect, test } from 'vitest';
import { CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { AuditEventsPage } from '../../../lambdas/functions/admin/audit-contract.ts';
import { keyturn, START_MS } from './fake-world.ts';
import { KEY_ID, refusal } from './samples.ts';

const OPS = 'arn:aws:sts::111122223333:assumed-role/operator/kim';

const revoked = chainEvent({ chain: `key/${KEY_ID}`, keyId: KEY_ID, owner: 'a@example.com' }, CHAIN_START, {
  action: 'key.revoked',
  actor: { principal: OPS, via: 'keyturn-cli/1.0.0', requestId: 'r-1' },
  atMs: START_MS,
  reason: 'Its laptop was stolen',
  detail: {},
});
const dropped = chainEvent({ chain: 'pepper' }, CHAIN_START, {
  action: 'renewal.refused',
  actor: { principal: 'keyturn:pepper', via: 'execution/p-1' },
  atMs: START_MS + 1,
  origin: { address: '203.0.113.9' },
  detail: {},
});

const page = (events: AuditEventsPage['events'], nextToken: string | null = null) => ({ events, nextToken });

describe('audit', () => {
  test('sends what is asked for', async () => {
    const admin = { 'audit-events': () => page([]) };
    const asked = ['--owner', 'a@example.com', '--kind', 'key.revoked', '--actor', OPS];
    const period = ['--from', 'P7D', '--to', '2026-11-23', '--latest', '--limit', '7', '--next-token', 't'];
    const { sent, exitCode } = await keyturn(['audit', KEY_ID, ...asked, ...period], { admin });
    const input = {
      keyId: KEY_ID,
      owner: 'a@example.com',
      kind: 'key.revoked',
      actor: OPS,
      from: 'P7D',
      to: '2026-11-23',
      order: 'latest',
      limit: 7,
      nextToken: 't',
    };
    expect({ sent, exitCode }).toEqual({ sent: [{ action: 'audit-events', input }], exitCode: 0 });
    expect((await keyturn(['audit'], { admin })).sent[0]?.input).toEqual({ limit: 100 });
    expect((await keyturn(['audit', '--chain', 'pepper'], { admin })).sent[0]?.input).toEqual({
      chain: 'pepper',
      limit: 100,
    });
  });

  test('is a line for each: when, what, of what, who, through what, from where, how and why', async () => {
    const { stdout } = await keyturn(['audit'], {
      admin: { 'audit-events': () => page([revoked, dropped]) },
    });
    expect(stdout).toBe(
      [
        'TIME                      WHAT             OF            WHO                        THROUGH            FROM         OUTCOME  REASON',
        `2026-11-23T14:00:00.000Z  key.revoked      ${KEY_ID}  assumed-role/operator/kim  keyturn-cli/1.0.0  –            success  Its laptop was stolen`,
        '2026-11-23T14:00:00.001Z  renewal.refused  pepper        keyturn:pepper             execution/p-1      203.0.113.9  refused  –',
        '',
      ].join('\n'),
    );
  });

  test('has no column that would be empty, and cuts what tells executions apart', async () => {
    const execution = {
      principal: 'keyturn:rotation',
      via: 'execution/e754ed1d-cd48-4bea-8abf-32480726ecc6',
    };
    const bare = { ...dropped, actor: execution, origin: undefined as never };
    const { stdout } = await keyturn(['audit'], { admin: { 'audit-events': () => page([bare]) } });
    expect(stdout.split('\n')[0]).toMatch(/^TIME +WHAT +OF +WHO +THROUGH +OUTCOME$/);
    expect(stdout).toContain('  execution/e754ed1d-cd…  ');
  });

  test('tells who was stated from whom AWS has named', async () => {
    const by = (proven: boolean) => ({ ...revoked, actor: { ...revoked.actor, proven } });
    const { stdout } = await keyturn(['audit'], {
      admin: { 'audit-events': () => page([by(true), by(false)]) },
    });
    expect(
      stdout
        .split('\n')
        .slice(1, 3)
        .map((line) => /assumed-role\S+( \(stated\))?/.exec(line)?.[1]),
    ).toEqual([undefined, ' (stated)']);
  });

  test('goes on asking until the page is full, or there is no more', async () => {
    const answers = [page([revoked], 'a'), page([], 'b'), page([dropped], 'c')];
    const admin = { 'audit-events': () => answers.shift() ?? page([]) };
    const { sent, stdout } = await keyturn(['audit', '--limit', '2', '--json'], { admin });

    expect(sent.map(({ input }) => input)).toEqual([
      { limit: 2 },
      { limit: 1, nextToken: 'a' },
      { limit: 1, nextToken: 'b' },
    ]);
    expect(JSON.parse(stdout)).toEqual(page([revoked, dropped], 'c'));
  });

  test('says how to see more, and when there is nothing', async () => {
    const shown = async (answer: AuditEventsPage) =>
      (await keyturn(['audit', '--limit', '1'], { admin: { 'audit-events': () => answer } })).stdout;
    expect(await shown(page([revoked], 'abc'))).toContain('More: add --next-token abc\n');
    expect(await shown(page([]))).toBe('Nothing of this is on record.\n');
  });

  test('ends with 2 on a kind that there is not, with those that were meant', async () => {
    const message = "kind 'key.revoke' is not known.";
    const hint = 'Did you mean key.revoked?';
    const admin = {
      'audit-events': () => {
        throw refusal('bad-request', { message, hint });
      },
    };
    const { exitCode, stderr } = await keyturn(['audit', '--kind', 'key.revoke'], { admin });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });
});
