/** Events of SES in the shapes of its documentation, of a mail with these tags. */
import type { MessageTag } from '@aws-sdk/client-ses';

const SENT_AT = '2026-11-23T12:00:00.000Z';
const RECIPIENT = 'team@example.com';

export interface OfMail {
  readonly tags?: readonly MessageTag[];
  readonly messageId?: string;
  readonly recipient?: string;
  readonly sentAt?: string;
}

type Own = Readonly<Record<string, unknown>>;

const mailOf = ({ tags = [], messageId = 'm-1', recipient = RECIPIENT, sentAt = SENT_AT }: OfMail) => ({
  timestamp: sentAt,
  source: 'keys@acme.dev',
  sourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/acme.dev',
  sendingAccountId: '123456789012',
  messageId,
  destination: [recipient],
  headersTruncated: false,
  headers: [
    { name: 'From', value: 'keys@acme.dev' },
    { name: 'To', value: recipient },
    { name: 'Subject', value: 'Reminder' },
    { name: 'MIME-Version', value: '1.0' },
  ],
  commonHeaders: { from: ['keys@acme.dev'], to: [recipient], messageId, subject: 'Reminder' },
  tags: {
    'ses:configuration-set': ['Keyturn-set'],
    'ses:source-ip': ['192.0.2.0'],
    'ses:from-domain': ['acme.dev'],
    'ses:caller-identity': ['KeysNotify'],
    ...Object.fromEntries(tags.map(({ Name, Value }) => [Name, [Value]])),
  },
});

const event = (eventType: string, name: string, own: Own, mail: OfMail) =>
  JSON.stringify({ eventType, mail: mailOf(mail), [name]: own });

const bounced = (type: string, subType: string, recipients: readonly Own[], mail: OfMail) =>
  event(
    'Bounce',
    'bounce',
    {
      bounceType: type,
      bounceSubType: subType,
      bouncedRecipients: recipients,
      timestamp: '2026-11-23T12:01:00.000Z',
      feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
      reportingMTA: 'dsn; mta.example.com',
    },
    mail,
  );

/** By what happened; each is the whole text that SES publishes. */
export const SES = {
  send: (mail: OfMail = {}) => event('Send', 'send', {}, mail),
  delivery: (mail: OfMail = {}) =>
    event(
      'Delivery',
      'delivery',
      {
        timestamp: '2026-11-23T12:00:02.000Z',
        processingTimeMillis: 2000,
        recipients: [mail.recipient ?? RECIPIENT],
        smtpResponse: '250 2.6.0 Message received',
        reportingMTA: 'mta.example.com',
      },
      mail,
    ),
  bounce: (mail: OfMail = {}, diagnosticCode = 'smtp; 550 5.1.1 user unknown', subType = 'General') =>
    bounced(
      'Permanent',
      subType,
      [{ emailAddress: mail.recipient ?? RECIPIENT, action: 'failed', status: '5.1.1', diagnosticCode }],
      mail,
    ),
  /** SES has tried for hours. */
  softBounce: (mail: OfMail = {}, type = 'Transient', action = 'failed') =>
    bounced(
      type,
      'MailboxFull',
      [
        {
          emailAddress: mail.recipient ?? RECIPIENT,
          action,
          status: '4.2.2',
          diagnosticCode: 'smtp; 452 4.2.2 mailbox full',
        },
      ],
      mail,
    ),
  /** An out-of-office reply. */
  reply: (mail: OfMail = {}) =>
    bounced('Transient', 'General', [{ emailAddress: mail.recipient ?? RECIPIENT }], mail),
  complaint: (mail: OfMail = {}, complaintFeedbackType = 'abuse') =>
    event(
      'Complaint',
      'complaint',
      {
        complainedRecipients: [{ emailAddress: mail.recipient ?? RECIPIENT }],
        timestamp: '2026-11-23T12:05:00.000Z',
        feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
        userAgent: 'Mozilla/5.0',
        complaintFeedbackType,
        arrivalDate: '2026-11-23T12:04:00.000Z',
      },
      mail,
    ),
  reject: (mail: OfMail = {}) => event('Reject', 'reject', { reason: 'Bad content' }, mail),
  renderingFailure: (mail: OfMail = {}) =>
    event(
      'Rendering Failure',
      'failure',
      { errorMessage: "Attribute 'attributeName' is not present in the rendering data.", templateName: 'T' },
      mail,
    ),
  delay: (mail: OfMail = {}) =>
    event(
      'DeliveryDelay',
      'deliveryDelay',
      {
        timestamp: '2026-11-23T12:00:30.000Z',
        delayType: 'TransientCommunicationFailure',
        expirationTime: '2026-11-24T02:00:00.000Z',
        delayedRecipients: [
          {
            emailAddress: mail.recipient ?? RECIPIENT,
            status: '4.4.1',
            diagnosticCode: 'smtp; 421 4.4.1 Unable to connect to remote host',
          },
        ],
      },
      mail,
    ),
  open: (mail: OfMail = {}) => event('Open', 'open', { ipAddress: '192.0.2.1' }, mail),
};
