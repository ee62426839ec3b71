/** How a recipient reads mails, as it is stored: in which words, and whether at all. */
import { beforeEach, describe, expect, it } from 'vitest';
import { sampleLinks } from '../../../cli/notices/sample-links.ts';
import { MailLinkSender } from '../../../lambdas/adapters/mail/mail-link-sender.ts';
import { MailNoticeSender } from '../../../lambdas/adapters/mail/mail-notice-sender.ts';
import {
  type RecipientDeps,
  recipientReading,
  recipientSettings,
} from '../../../lambdas/adapters/mail/recipient-settings.ts';
import type { Posted, SesMailer } from '../../../lambdas/adapters/ses/ses-mailer.ts';
import { readLeaving } from '../../../lambdas/core/domain/unsubscribe-link.ts';
import { changeOwnerSettings } from '../../../lambdas/core/use-cases/change-owner-settings.ts';
import { isLeavable } from '../../../rules/mail-kinds.ts';
import { MemoryOwnerSettings } from '../../support/memory-owner-settings.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { OPERATOR } from '../../support/memory-world.ts';
import { KEY_MAIL_KINDS, noticeOf } from './mail-notices.ts';

const SECRET = new TextEncoder().encode('s'.repeat(64));
let deps: RecipientDeps;
let sent: Posted[];
let mailer: SesMailer;
let sender: MailNoticeSender;

beforeEach(async () => {
  const owners = new MemoryOwnerSettings(new MemoryTable());
  const change = { locale: 'de', timeZone: 'Europe/Berlin', unsubscribe: ['retired'] } as const;
  await changeOwnerSettings({ owners, clock: () => 0 }, 'TEAM@example.com', change, { actor: OPERATOR });
  deps = { owners, linkSecret: async () => SECRET, apiUrl: 'https://keys.example.com', footer: 'Hilfe' };
  sent = [];
  const send = async (posted: Posted) => {
    sent.push(posted);
    return { outcome: 'sent' } as const;
  };
  mailer = { send } as unknown as SesMailer;
  sender = new MailNoticeSender(mailer, recipientSettings(deps));
});

describe('a notice', () => {
  it('is written as its recipient has it, with the footer and a link that unsubscribes', async () => {
    expect(await sender.send(noticeOf('reminder'), 1)).toEqual({ outcome: 'sent' });
    const [mail] = sent;
    expect(mail?.subject).toMatch(/^Erinnerung/);
    expect(mail?.text).toContain('MEZ');
    expect(mail?.text).toContain('Hilfe');
    const url = new URL(mail?.unsubscribeUrl ?? '');
    expect(url.searchParams.get('lang')).toBe('de');
    const [kind, address, code] = url.pathname.split('/').slice(-3);
    expect(readLeaving(SECRET, { kind, address, code })).toEqual({
      kind: 'reminder',
      address: 'team@example.com',
    });
    expect(mail?.text).toContain(url.href);
  });

  it('is not sent to who has left its kind, and every other one is', async () => {
    const withheld = [];
    for (const kind of KEY_MAIL_KINDS) {
      const { outcome } = await sender.send(noticeOf(kind), 1);
      if (outcome === 'withheld') withheld.push(kind);
    }
    expect(withheld).toEqual(['retired']);
    expect(sent).toHaveLength(KEY_MAIL_KINDS.length - 1);
    const kinds = KEY_MAIL_KINDS.filter((kind) => kind !== 'retired');
    expect(sent.map(({ unsubscribeUrl }) => unsubscribeUrl !== undefined)).toEqual(kinds.map(isLeavable));
    const other = { ...noticeOf('retired'), recipient: 'ops@example.com' };
    expect(await sender.send(other, 1)).toEqual({ outcome: 'sent' });
    expect(sent.at(-1)?.subject).toMatch(/^The old API key/);
  });
});

describe('a claim link', () => {
  const linkTo = (to: string) => ({
    ...(sampleLinks(0)[0] as NonNullable<ReturnType<typeof sampleLinks>[0]>).link,
    to,
  });
  const links = () => new MailLinkSender(mailer, recipientReading(deps));

  it('is written as the owner has it, with the footer, and cannot be left', async () => {
    expect(await links().send(linkTo('team@EXAMPLE.com'))).toBeUndefined();
    const [mail] = sent;
    expect(mail).toMatchObject({ to: 'team@EXAMPLE.com', ref: { of: 'link', tokenHash: 'example' } });
    expect(mail?.subject).toMatch(/^Ihr API-Schlüssel für „Search agent“ wartet: .*\sMEZ ab$/);
    expect(mail?.text).toContain('\nHilfe\n');
    expect(mail?.unsubscribeUrl).toBeUndefined();
  });

  it('reads English, in UTC, to an owner of whom nothing is stored', async () => {
    await links().send(linkTo('ops@example.com'));
    expect(sent[0]?.subject).toMatch(/^Your API key for “Search agent” is waiting: collect it by .*\sUTC$/);
  });

  it('waits for another try where the settings cannot be read', async () => {
    const broken = { ...deps, owners: { find: () => Promise.reject(new Error('throttled')) } };
    const sending = new MailLinkSender(mailer, recipientReading(broken)).send(linkTo('ops@example.com'));
    await expect(sending).rejects.toThrow('throttled');
    expect(sent).toEqual([]);
  });
});
