/**
 * What Amazon SES would tell of a mail, in the shapes of its documentation. The recipient decides, as with SES's mailbox
 * simulator: `bounce@`, `complaint@`, `ooto@`, `suppressionlist@simulator.amazonses.com`, each with `+label` too; mail to
 * every other address arrives.
 */

/** A mail as the local cloud keeps it. */
export interface KeptMail {
  readonly MessageId: string;
  readonly Source: string;
  readonly To: readonly string[];
  readonly Subject: string;
  /** Seconds. */
  readonly Timestamp: number;
  readonly ConfigurationSetName?: string;
  readonly Tags?: readonly { readonly Name: string; readonly Value: string }[];
}

type Own = Readonly<Record<string, unknown>>;
type Said = readonly [eventType: string, name: string, own: Own];

const SIMULATOR = 'simulator.amazonses.com';
const FEEDBACK_ID = '0100019ab2c3d4e5-00000000-0000-4000-8000-000000000000-000000';

/** In the order in which SES tells them. */
export function eventsOf(mail: KeptMail): readonly string[] {
  const [recipient = ''] = mail.To;
  const said: readonly Said[] = [['Send', 'send', {}], ...fateOf(recipient, timeAfter(mail, 1))];
  return said.map(([eventType, name, own]) =>
    JSON.stringify({ eventType, mail: mailObject(mail, recipient), [name]: own }),
  );
}

const timeAfter = ({ Timestamp }: KeptMail, seconds: number): string =>
  new Date((Timestamp + seconds) * 1000).toISOString();

function fateOf(recipient: string, timestamp: string): readonly Said[] {
  const [local = '', domain] = recipient.toLowerCase().split('@');
  const name = domain === SIMULATOR ? local.split('+')[0] : 'success';
  const arrives: Said = [
    'Delivery',
    'delivery',
    {
      timestamp,
      processingTimeMillis: 1000,
      recipients: [recipient],
      smtpResponse: '250 2.6.0 Message received',
      reportingMTA: 'a8-70.smtp-out.amazonses.com',
    },
  ];
  switch (name) {
    case 'bounce':
      return [bounce('Permanent', 'General', { ...UNKNOWN_USER, emailAddress: recipient }, timestamp)];
    case 'suppressionlist':
      return [bounce('Permanent', 'Suppressed', { ...SUPPRESSED, emailAddress: recipient }, timestamp)];
    case 'ooto':
      return [arrives, bounce('Transient', 'General', { emailAddress: recipient }, timestamp)];
    case 'complaint':
      return [arrives, complaint(recipient, timestamp)];
    default:
      return [arrives];
  }
}

const UNKNOWN_USER = {
  action: 'failed',
  status: '5.1.1',
  diagnosticCode: 'smtp; 550 5.1.1 user unknown',
};
const SUPPRESSED = {
  action: 'failed',
  status: '5.1.1',
  diagnosticCode:
    'Amazon SES has suppressed sending to this address because it has a recent history of bouncing.',
};

const bounce = (bounceType: string, bounceSubType: string, recipient: Own, timestamp: string): Said => [
  'Bounce',
  'bounce',
  {
    feedbackId: FEEDBACK_ID,
    bounceType,
    bounceSubType,
    bouncedRecipients: [recipient],
    timestamp,
    reportingMTA: 'dns; e220-7.smtp-out.amazonses.com',
  },
];

const complaint = (recipient: string, timestamp: string): Said => [
  'Complaint',
  'complaint',
  {
    feedbackId: FEEDBACK_ID,
    complaintSubType: null,
    complainedRecipients: [{ emailAddress: recipient }],
    timestamp,
    userAgent: 'Amazon SES Mailbox Simulator',
    complaintFeedbackType: 'abuse',
    arrivalDate: timestamp,
  },
];

function mailObject(mail: KeptMail, recipient: string): Own {
  const { MessageId, Source, Subject, ConfigurationSetName = '', Tags = [] } = mail;
  return {
    timestamp: timeAfter(mail, 0),
    source: Source,
    sourceArn: `arn:aws:ses:us-east-1:000000000000:identity/${Source}`,
    sendingAccountId: '000000000000',
    messageId: MessageId,
    destination: [recipient],
    headersTruncated: false,
    headers: [
      { name: 'From', value: Source },
      { name: 'To', value: recipient },
      { name: 'Subject', value: Subject },
    ],
    commonHeaders: { from: [Source], to: [recipient], messageId: MessageId, subject: Subject },
    tags: {
      'ses:source-tls-version': ['TLSv1.3'],
      'ses:configuration-set': [ConfigurationSetName],
      'ses:source-ip': ['127.0.0.1'],
      'ses:from-domain': [Source.split('@')[1] ?? ''],
      'ses:caller-identity': ['local'],
      ...Object.fromEntries(Tags.map(({ Name, Value }) => [Name, [Value]])),
    },
  };
}
