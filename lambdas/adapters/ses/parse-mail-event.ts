/**
 * An event as SES publishes it: `eventType`, `mail`, and an object of the type's own.
 *
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
import type { MailEvent, MailFate } from '../../core/domain/mail-event.ts';
import { type EventTags, refOfTags } from './mail-tags.ts';
import { toldText } from './told-text.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Told {
  readonly fate: MailFate;
  readonly why?: string;
  readonly atMs: number;
}

/** What SES publishes when a destination is made. */
const VALIDATED = 'Successfully validated SNS topic';

/** @returns undefined for an event that says nothing of a mail's way; throws for what is no event of SES at all */
export function parseMailEvent(text: string): MailEvent | undefined {
  if (text.startsWith(VALIDATED)) return undefined;
  const event = JSON.parse(text) as Fields;
  const mail = fields(event?.['mail']);
  const receipt = mail['messageId'];
  if (typeof receipt !== 'string' || typeof event['eventType'] !== 'string') {
    throw new TypeError('It is no event of SES: it names no mail.');
  }
  const mailedAtMs = timeOf(mail['timestamp']) ?? 0;
  const told = toldBy(event['eventType'], event, mailedAtMs);
  if (!told) return undefined;
  const ref = refOfTags(fields(mail['tags']) as EventTags);
  return { ...(ref ? { ref } : {}), receipt, recipient: recipientIn(mail), mailedAtMs, ...told };
}

function toldBy(type: string, event: Fields, mailedAtMs: number): Told | undefined {
  switch (type) {
    case 'Send':
      return { fate: 'sent', atMs: mailedAtMs };
    case 'Delivery':
      return { fate: 'delivered', atMs: timeOf(fields(event['delivery'])['timestamp']) ?? mailedAtMs };
    case 'DeliveryDelay':
      return delay(fields(event['deliveryDelay']), mailedAtMs);
    case 'Bounce':
      return bounce(fields(event['bounce']), mailedAtMs);
    case 'Complaint':
      return complaint(fields(event['complaint']), mailedAtMs);
    case 'Reject':
      return rejected(toldText(fields(event['reject'])['reason']), mailedAtMs);
    case 'Rendering Failure':
      return rejected(toldText(fields(event['failure'])['errorMessage']), mailedAtMs);
    default:
      return undefined;
  }
}

const rejected = (reason: string, atMs: number): Told => ({
  fate: 'rejected',
  why: `Amazon SES did not send the mail on: ${reason || 'it gives no reason'}.`,
  atMs,
});

/** `MailboxFull`, `RecipientServerError` and the like; it says too until when SES tries. */
function delay(told: Fields, mailedAtMs: number): Told {
  const said = together(told['delayType'], diagnosis(told['delayedRecipients']));
  const why = `The recipient's mail server puts the mail off: ${said}. Amazon SES goes on trying.`;
  return { fate: 'delayed', why, atMs: timeOf(told['timestamp']) ?? mailedAtMs };
}

function bounce(told: Fields, mailedAtMs: number): Told | undefined {
  const atMs = timeOf(told['timestamp']) ?? mailedAtMs;
  const said = together(told['bounceSubType'], diagnosis(told['bouncedRecipients']));
  if (told['bounceType'] === 'Permanent') {
    return { fate: 'bounced', why: `The mail came back for good: ${said}.`, atMs };
  }
  // An out-of-office reply comes as a bounce too: of a mail that has arrived, and without anything that failed.
  if (!hasFailed(told['bouncedRecipients'])) return undefined;
  return { fate: 'returned', why: `The mail came back this time: ${said}.`, atMs };
}

function complaint(told: Fields, mailedAtMs: number): Told | undefined {
  const kind = told['complaintFeedbackType'];
  // A reader who took the mail out of the junk says so in the same way.
  if (kind === 'not-spam') return undefined;
  const said = together(told['complaintSubType'], kind);
  const why = `Its recipient marked the mail as unwanted${said === UNSAID ? '' : `: ${said}`}.`;
  return { fate: 'complained', why, atMs: timeOf(told['timestamp']) ?? mailedAtMs };
}

const UNSAID = 'it is not said why';

function together(...parts: readonly unknown[]): string {
  const said = parts.map(toldText).filter((part) => part !== '');
  return said.length > 0 ? said.join(', ').replace(/\.+$/, '') : UNSAID;
}

const recipientsIn = (list: unknown): readonly Fields[] => (Array.isArray(list) ? list.map(fields) : []);

const diagnosis = (list: unknown): unknown => {
  const [first = {}] = recipientsIn(list);
  return first['diagnosticCode'] ?? first['status'];
};

/** Who has taken a mail may also report that it is late, or has gone on to elsewhere (RFC 3464, 2.3.3). */
const hasFailed = (list: unknown): boolean =>
  recipientsIn(list).some(({ action, status, diagnosticCode }) =>
    typeof action === 'string'
      ? action.toLowerCase() === 'failed'
      : typeof status === 'string' || typeof diagnosticCode === 'string',
  );

/** Of a mail there is one. */
function recipientIn({ destination }: Fields): string {
  const [first] = Array.isArray(destination) ? destination : [];
  return typeof first === 'string' ? first : '';
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function timeOf(value: unknown): number | undefined {
  const atMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}
