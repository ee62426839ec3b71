/** The mail that brings a claim link: what happened to the key, what to do, and by when. It never holds the key. */
import type { ClaimLink, PreviousVersion } from '../../core/ports/key-place.ts';
import { type Mail, mailOf, quoted } from './mail-layout.ts';
import { mailTime } from './mail-time.ts';

export function claimLinkMail(link: ClaimLink): Mail {
  const { keyId, environment, version, expiresAtMs, previous, again } = link;
  const name = quoted(link.keyName);
  const until = mailTime(expiresAtMs);
  const what = previous ? 'new API key' : 'API key';
  return mailOf({
    language: 'en',
    subject: `${again ? 'Reminder: your' : 'Your'} ${what} for ${name} waits: take it by ${until}`,
    lead: [
      again
        ? `The ${what} for ${name} waits for you still: nobody has taken it yet.`
        : `${previous ? 'A new API key was made' : 'An API key was made for you'} for ${name}.`,
      `Open the link below by ${until}, and put the key where your client reads it.${endOf(previous)}`,
    ],
    action: {
      label: 'Get the key',
      url: link.url.reveal(),
      otherwise: 'If the button does nothing, open this address:',
    },
    facts: [
      ['Key', name],
      ['Key id', keyId],
      ['Version', String(version)],
      ['Environment', environment],
      ['Link works until', until],
      ...(previous
        ? [[previous.state === 'refused' ? 'Key before it' : 'Key in use now', standingOf(previous)] as const]
        : []),
    ],
    notes: [
      'The page shows the key once, to whoever asks it first: do not pass this mail on.',
      ...(again ? ['A link that you got earlier does not work any more.'] : []),
      'If the page says that the key was taken and it was not you, report it there: the key can be replaced within minutes.',
      'If the link does not work any more, ask whoever runs the API for another.',
    ],
    footer: ['This mail holds no key and nothing that tells whether you have read it.'],
  });
}

/** The one date that decides for the reader: when the client stops working. */
function endOf(previous: PreviousVersion | undefined): string {
  switch (previous?.state) {
    case undefined:
      return '';
    case 'refused':
      return ' The key before it is refused already: your client works again once it has this one.';
    case 'refused-at':
      return ` The key that you use now is refused from ${mailTime(previous.atMs)} on, whether you have taken the new one or not.`;
    case 'ends':
      return ` The key that you use now is to end on ${mailTime(previous.atMs)}.`;
  }
}

function standingOf(previous: PreviousVersion): string {
  switch (previous.state) {
    case 'refused':
      return 'refused already';
    case 'refused-at':
      return `refused from ${mailTime(previous.atMs)} on`;
    case 'ends':
      return `works, to end on ${mailTime(previous.atMs)}`;
  }
}
