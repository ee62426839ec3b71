/** What the local driver publishes of a mail, read by what reads SES's events on AWS. */
import { describe, expect, it } from 'vitest';
import { tagsOf } from '../../../lambdas/adapters/ses/mail-tags.ts';
import { parseMailEvent } from '../../../lambdas/adapters/ses/parse-mail-event.ts';
import type { MailRef } from '../../../lambdas/core/domain/mail-ref.ts';
import { eventsOf } from '../../../local/mail-driver/mail-events.ts';

const REF: MailRef = { of: 'link', keyId: 'FF05xY0L9hQm', version: 2, tokenHash: 'n4bQgYhMfWWaL-qg' };
const AT_SECONDS = Date.parse('2026-11-23T12:00:00Z') / 1000;

const told = (to: string) =>
  eventsOf({
    MessageId: 'm-1',
    Source: 'keys@keyturn.example',
    To: [to],
    Subject: 'Reminder',
    Timestamp: AT_SECONDS,
    ConfigurationSetName: 'Keyturn-set',
    Tags: tagsOf(REF).map(({ Name = '', Value = '' }) => ({ Name, Value })),
  });

describe('the mailbox simulator', () => {
  it.each<[string, string[]]>([
    ['success@simulator.amazonses.com', ['Send', 'Delivery']],
    ['team@example.com', ['Send', 'Delivery']],
    ['bounce@example.com', ['Send', 'Delivery']],
    ['bounce@simulator.amazonses.com', ['Send', 'Bounce']],
    ['Bounce+label@simulator.amazonses.com', ['Send', 'Bounce']],
    ['suppressionlist@simulator.amazonses.com', ['Send', 'Bounce']],
    ['complaint@simulator.amazonses.com', ['Send', 'Delivery', 'Complaint']],
    ['ooto@simulator.amazonses.com', ['Send', 'Delivery', 'Bounce']],
  ])('%s makes %j', (to, types) => {
    expect(told(to).map((text) => JSON.parse(text).eventType)).toEqual(types);
  });

  it.each<[string, (string | undefined)[]]>([
    ['bounce@simulator.amazonses.com', ['sent', 'bounced']],
    ['suppressionlist@simulator.amazonses.com', ['sent', 'bounced']],
    ['complaint@simulator.amazonses.com', ['sent', 'delivered', 'complained']],
    // A reply of an absent reader: the mail has arrived.
    ['ooto@simulator.amazonses.com', ['sent', 'delivered', undefined]],
  ])('%s is read as on AWS', (to, fates) => {
    const events = told(to).map(parseMailEvent);
    expect(events.map((event) => event?.fate)).toEqual(fates);
    for (const event of events.filter((each) => each !== undefined)) {
      expect(event).toMatchObject({ ref: REF, receipt: 'm-1', recipient: to, mailedAtMs: AT_SECONDS * 1000 });
    }
  });
});
