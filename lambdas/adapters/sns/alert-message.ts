/** An alert in the words of each kind of subscriber. */

import type { AlertFacts } from '../../core/domain/alert.ts';
import { namedActor } from '../../core/domain/audit-event.ts';

/** What SNS takes for a subject: printable ASCII, at most this long. */
const LONGEST_SUBJECT = 100;
/** One text message. */
const LONGEST_SMS = 140;

/** Signs that names and reasons may bring, and mail software may take for the end of a header, become question marks. */
const ascii = (text: string, longest: number): string => {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
  return plain.length > longest ? `${plain.slice(0, longest - 3)}...` : plain;
};

export const subjectOf = ({ severity, title }: AlertFacts): string =>
  ascii(`Keyturn ${severity.toUpperCase()}: ${title}`, LONGEST_SUBJECT);

/** One text for each protocol: machines read JSON, people read words. */
export function messageOf(facts: AlertFacts): string {
  const structured = JSON.stringify({ source: 'keyturn', ...facts });
  return JSON.stringify({
    default: structured,
    sqs: structured,
    lambda: structured,
    http: structured,
    https: structured,
    email: textOf(facts),
    'email-json': structured,
    sms: ascii(`${subjectOf(facts)}. ${facts.command}`, LONGEST_SMS),
  });
}

function textOf(facts: AlertFacts): string {
  const { actor, reason, origin, action, chain, sequence } = facts.event;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['When', facts.at],
    ['Key', facts.keyId],
    ['Owner', facts.owner],
    ['Rotation', facts.rotationId],
    ['Emergency', facts.runId],
    ['By', `${namedActor(actor)} (${actor.via})`],
    ['From', origin?.address],
    ['Reason', reason],
    ['On record', `${action}, ${chain} number ${sequence}`],
    ['Alert', facts.id],
  ];
  const known = lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${`${name}:`.padEnd(11)}${value}`],
  );
  return [facts.what, '', `What to do: ${facts.mend}`, '', `    ${facts.command}`, '', ...known, ''].join(
    '\n',
  );
}
