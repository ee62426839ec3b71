import { describe, expect, test } from 'vitest';
import type { Reach } from '../../../cli/connect.ts';
import { CliError } from '../../../cli/exit.ts';
import type { MailStatusView } from '../../../lambdas/functions/admin/mail-contract.ts';
import { fakeReach, keyturn, type World } from './fake-world.ts';

const answering =
  (status: number): typeof fetch =>
  async () =>
    new Response(null, { status });
const healthy = fakeReach(
  { list: () => ({ keys: [], nextToken: null }), 'mail-status': () => null },
  [],
  () => 0,
);
const world = (changes: Partial<Reach>, status = 401): World => ({
  reach: () => ({ ...healthy, ...changes }),
  fetch: answering(status),
});

describe('doctor', () => {
  test('all well: one line a part, exit 0', async () => {
    const { exitCode, stdout } = await keyturn(['doctor'], world({}));
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^ok {6}credentials .*operator\/kim$/),
      expect.stringMatching(/^ok {6}stack .*Keyturn, account 111122223333/),
      expect.stringMatching(/^ok {6}outputs /),
      expect.stringMatching(/^ok {6}admin function /),
      expect.stringMatching(/^ok {6}mail +none is sent/),
      expect.stringMatching(/^ok {6}MCP server, REST API .*\(401\)/),
      expect.stringMatching(/^ok {6}MCP server, HTTP API .*\(401\)/),
    ]);
  });

  test('--json: every check as a value', async () => {
    const { stdout } = await keyturn(['doctor', '--json'], world({}));
    const { ok, checks } = JSON.parse(stdout);
    expect(ok).toBe(true);
    expect(checks[0]).toEqual({ name: 'credentials', ok: true, detail: expect.any(String), hint: null });
  });

  test('a broken part: failed with the mend, exit 1, and nothing that stands on it', async () => {
    const missing = new CliError('stack-not-found', "There is no stack 'Keyturn'.", 'Deploy it.');
    const { exitCode, stdout } = await keyturn(['doctor'], world({ target: () => Promise.reject(missing) }));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^failed {2}stack .*There is no stack 'Keyturn'\.\n {8}mend: Deploy it\.\n$/m);
    expect(stdout).not.toContain('admin function');
  });

  test('an API that lets a call without a key in is broken', async () => {
    const { exitCode, stdout } = await keyturn(['doctor'], world({}, 200));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/failed {2}MCP server, REST API .*with 200, not 401\n +mend: .*protectRestApi/);
  });

  describe('mail', () => {
    const MAIL: MailStatusView = {
      from: 'keys@acme.dev',
      configurationSet: 'Keyturn-set',
      verifiedBy: 'acme.dev',
      sandbox: false,
      sendingEnabled: true,
      hasConfigurationSet: true,
      dailyQuota: 50_000,
      sentToday: 12,
    };
    const doctor = (changes: Partial<MailStatusView>) =>
      keyturn(['doctor'], {
        reach: () =>
          fakeReach(
            { list: () => ({ keys: [], nextToken: null }), 'mail-status': () => ({ ...MAIL, ...changes }) },
            [],
            () => 0,
          ),
        fetch: answering(401),
      });

    test('is well with a verified sender outside the sandbox', async () => {
      const { exitCode, stdout } = await doctor({});
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^ok {6}mail +keys@acme\.dev is verified, by acme\.dev; 12 of 50000 mails/m);
    });

    test('without a quota, by the address itself, is well too', async () => {
      const { stdout } = await doctor({ dailyQuota: null, verifiedBy: 'keys@acme.dev' });
      expect(stdout).toMatch(/^ok {6}mail +keys@acme\.dev is verified$/m);
    });

    test.each<[string, Partial<MailStatusView>, RegExp]>([
      [
        'an unverified sender',
        { verifiedBy: null, sandbox: true },
        /failed {2}mail +keys@acme\.dev is not verified.*\n +mend: Verify the address or its domain/,
      ],
      [
        'the sandbox',
        { sandbox: true },
        /failed {2}mail .*in its sandbox.*\n +mend: Ask AWS for production access/,
      ],
      ['a paused account', { sendingEnabled: false }, /failed {2}mail .*paused.*\n +mend: .*reputation/],
      [
        'a lost configuration set',
        { hasConfigurationSet: false },
        /failed {2}mail .*set Keyturn-set does not exist.*\n +mend: .*deploy/,
      ],
    ])('says %s, with its mend', async (_what, changes, said) => {
      const { exitCode, stdout } = await doctor(changes);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(said);
    });
  });
});
