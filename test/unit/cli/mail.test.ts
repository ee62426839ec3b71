/** Addresses that mail does not reach, on the command line. */
import { describe, expect, test } from 'vitest';
import type { MailBlockView } from '../../../lambdas/functions/admin/mail-contract.ts';
import { keyturn } from './fake-world.ts';
import { KEY_ID, keyView } from './samples.ts';

const BLOCK: MailBlockView = {
  address: 'team@example.com',
  state: 'bounced',
  since: '2026-11-22T14:00:00.000Z',
  why: 'The mail came back for good: General, smtp; 550 5.1.1 user unknown.',
  until: '2027-02-20T14:00:00.000Z',
};

describe('show', () => {
  const shown = async (mail: readonly MailBlockView[]) =>
    (await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ mail }) } })).stdout;

  test('says which address mail came back from, since when, why, and how it is lifted', async () => {
    const text = await shown([BLOCK]);
    expect(text).toMatch(/Mail to team@example\.com: bounced since 2026-11-22.*550 5\.1\.1 user unknown\./);
    expect(text).toMatch(/tried again from 2027-02-20/);
    expect(text).toContain('keyturn notices unblock team@example.com --reason …');
  });

  test('says of an unwanted mail that it is not tried by itself', async () => {
    const text = await shown([{ ...BLOCK, state: 'complained', until: null }]);
    expect(text).toMatch(/Mail to team@example\.com: unwanted since/);
    expect(text).not.toContain('tried again');
  });

  test('says nothing where mail arrives', async () => {
    expect(await shown([])).not.toContain('Mail to');
  });
});

describe('notices unblock', () => {
  test('asks for it with the reason, and names the list of Amazon SES', async () => {
    const { exitCode, stdout, sent } = await keyturn(
      ['notices', 'unblock', 'team@example.com', '--reason', 'The mailbox is back'],
      { admin: { 'unblock-mail': ({ address }) => ({ address }) } },
    );
    expect(exitCode).toBe(0);
    expect(sent).toEqual([
      { action: 'unblock-mail', input: { address: 'team@example.com', reason: 'The mailbox is back' } },
    ]);
    expect(stdout).toMatch(/^Mail to team@example\.com is sent again\.\n.*delete-suppressed-destination/);
  });

  test('needs a reason', async () => {
    const { exitCode, sent } = await keyturn(['notices', 'unblock', 'team@example.com'], {});
    expect(exitCode).toBe(2);
    expect(sent).toEqual([]);
  });
});
