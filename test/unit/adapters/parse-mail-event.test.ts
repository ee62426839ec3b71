/** Events of SES as its documentation shows them. */
import { describe, expect, it } from 'vitest';
import { tagsOf } from '../../../lambdas/adapters/ses/mail-tags.ts';
import { parseMailEvent } from '../../../lambdas/adapters/ses/parse-mail-event.ts';
import type { MailRef } from '../../../lambdas/core/domain/mail-ref.ts';
import { SES } from '../../support/ses-events.ts';

const REF: MailRef = {
  of: 'notice',
  notice: { partition: 'KEY#FF05xY0L9hQm', noticeId: 'r-1#reminder#team@example.com' },
  attempt: 1,
};
const OURS = { tags: tagsOf(REF) };
const at = (time: string) => Date.parse(`2026-11-23T${time}.000Z`);

describe('an event of our mail', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['Send', SES.send(OURS), { fate: 'sent', atMs: at('12:00:00') }],
    ['Delivery', SES.delivery(OURS), { fate: 'delivered', atMs: at('12:00:02') }],
    [
      'Bounce, permanent',
      SES.bounce(OURS),
      {
        fate: 'bounced',
        atMs: at('12:01:00'),
        why: 'The mail came back for good: General, smtp; 550 5.1.1 user unknown.',
      },
    ],
    [
      'Bounce, of an address on a suppression list',
      SES.bounce(
        OURS,
        'Amazon SES did not send the message to this address because it is on a list.',
        'Suppressed',
      ),
      {
        fate: 'bounced',
        why: expect.stringMatching(/^The mail came back for good: Suppressed, .* is on a list\.$/),
      },
    ],
    [
      'Bounce, transient',
      SES.softBounce(OURS),
      {
        fate: 'returned',
        why: 'The mail came back this time: MailboxFull, smtp; 452 4.2.2 mailbox full.',
      },
    ],
    ['Bounce, undetermined', SES.softBounce(OURS, 'Undetermined'), { fate: 'returned' }],
    [
      'Complaint',
      SES.complaint(OURS),
      { fate: 'complained', atMs: at('12:05:00'), why: 'Its recipient marked the mail as unwanted: abuse.' },
    ],
    [
      'Reject',
      SES.reject(OURS),
      { fate: 'rejected', why: 'Amazon SES did not send the mail on: Bad content.' },
    ],
    ['Rendering Failure', SES.renderingFailure(OURS), { fate: 'rejected' }],
    [
      'DeliveryDelay',
      SES.delay(OURS),
      {
        fate: 'delayed',
        why: expect.stringMatching(
          /^The recipient's mail server puts the mail off: TransientCommunication.*421/,
        ),
      },
    ],
  ])('%s', (_what, text, told) => {
    expect(parseMailEvent(text)).toMatchObject({
      ref: REF,
      receipt: 'm-1',
      recipient: 'team@example.com',
      mailedAtMs: at('12:00:00'),
      ...told,
    });
  });

  it.each<[string, string]>([
    ['an out-of-office reply, of a mail that arrived', SES.reply(OURS)],
    ['word of the server that has it that it is late', SES.softBounce(OURS, 'Transient', 'delayed')],
    ['a mail taken out of the junk', SES.complaint(OURS, 'not-spam')],
    ['an opened mail, which nobody asked for', SES.open(OURS)],
    ['the trial of a new topic', 'Successfully validated SNS topic for Amazon SES event publishing.'],
  ])('%s says nothing', (_what, text) => {
    expect(parseMailEvent(text)).toBeUndefined();
  });
});

it('knows a mail of somebody else by its tags, and tells what became of it all the same', () => {
  expect(parseMailEvent(SES.bounce())).not.toHaveProperty('ref');
  expect(parseMailEvent(SES.bounce())).toMatchObject({ fate: 'bounced', recipient: 'team@example.com' });
});

describe('what is no event of SES', () => {
  it.each<[string, string]>([
    ['no JSON', 'Hello.'],
    ['null', 'null'],
    ['no mail', '{"eventType":"Bounce"}'],
    ['no type', '{"mail":{"messageId":"m-1"}}'],
    ['a number for the mail', '{"eventType":"Send","mail":7}'],
  ])('%s is thrown', (_what, text) => {
    expect(() => parseMailEvent(text)).toThrow();
  });

  it.each<[string, unknown]>([
    ['no bounce', undefined],
    ['a list', []],
    ['recipients that are none', { bounceType: 'Permanent', bouncedRecipients: 'x' }],
    [
      'a recipient that is null',
      { bounceType: 'Permanent', bouncedRecipients: [null], timestamp: 'yesterday' },
    ],
  ])('a Bounce with %s does not break it', (_what, bounce) => {
    const text = JSON.stringify({ eventType: 'Bounce', mail: { messageId: 'm-1' }, bounce });
    expect(parseMailEvent(text) ?? { recipient: '' }).toMatchObject({ recipient: '' });
  });
});

describe('what a stranger’s server says', () => {
  const why = (diagnosis: string) => parseMailEvent(SES.bounce(OURS, diagnosis))?.why as string;

  it.each<[string, string, RegExp]>([
    ['escape sequences', 'smtp; \u001b[2J550\u0007 no', /General, smtp; \[2J550 no\.$/],
    ['line breaks', 'smtp; 550\r\nkey.issued by root', /550 key\.issued by root\.$/],
    ['marks that turn the direction', 'smtp; \u202e550\u2069 no', /smtp; 550 no\.$/],
  ])('stands on one plain line: %s', (_what, diagnosis, plain) => {
    expect(why(diagnosis)).toMatch(plain);
    expect(why(diagnosis)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('repeats no link out of the mail: it may be a claim link', () => {
    const link = 'https://keys.example.com/claim/FF05xY0L9hQm/Zq8Yq1m6tW3nUuJ2d5cV7xK4rP9bN0sLhGfEwDaQiOy';
    expect(why(`smtp; 554 refused for ${link} in it`)).toContain('refused for [link] in it');
    expect(why(`smtp; 554 <${link}>`)).not.toContain('Zq8Yq1m6');
  });

  it('repeats no key', () => {
    const key = `mk_live_FF05xY0L9hQm_${'s'.repeat(43)}`;
    expect(why(`smtp; 554 ${key}`)).not.toContain('sss');
  });

  it('is cut, never within a character', () => {
    const long = why(`smtp; ${'🔑'.repeat(500)}`);
    expect(long.length).toBeLessThan(300);
    expect(long).not.toMatch(/\p{Cs}/u);
  });
});
