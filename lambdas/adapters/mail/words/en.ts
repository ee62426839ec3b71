import type { Words } from '../words.ts';
import { LINK_EN } from './link-en.ts';
import { WEBHOOK_EN } from './webhook-en.ts';

/** English. */
export const EN: Words = {
  quotes: ['“', '”'],
  version: (version) => ` (version ${version})`,
  clauses: (moment) =>
    moment === undefined
      ? { on: '', to: '', from: '', by: ' now' }
      : { on: ` on ${moment}`, to: ` until ${moment}`, from: ` from ${moment} on`, by: ` by ${moment}` },
  byThen: ' by then',

  issued: {
    subject: ({ name }) => `A new API key: ${name}`,
    happened: ({ name, fresh }) => `A new API key${fresh} was issued: ${name}.`,
    toDo: {
      'claim-link': () =>
        'Look for the email with the link, open it by the time given there, and put the key where your client reads it.',
      'link-to-owner': () =>
        'The link to it went by email to its owner alone. Ask them for the key, and put it where your client reads it.',
      operator: () =>
        'Ask whoever runs the API for it, unless you have it already, and put it where your client reads it.',
      'secrets-manager': () =>
        'Have your client read it from its secret in AWS Secrets Manager. Whoever runs the API knows the name of the secret.',
      vault: () => 'Have your client read it from the vault. Whoever runs the API knows its path there.',
      'renewal-key': () => 'Have your client fetch it with the private key whose public half is registered.',
    },
  },
  rotationStarted: {
    subject: ({ name, brief }) => `New API key for ${name}: switch to it${brief.by}`,
    happened: ({ name, fresh, old }) =>
      `There is a new API key${fresh} for ${name}. The old one${old} still works for now.`,
  },
  reminder: {
    planned: {
      subject: ({ name, brief }) => `Reminder: the old API key for ${name} is due to end${brief.on}`,
      happened: ({ name, old, on }) => `The old API key${old} for ${name} is due to end${on}.`,
    },
    emergency: {
      subject: ({ name, brief }) => `Urgent reminder: the old API key for ${name} is refused${brief.from}`,
      happened: ({ name, old, from }) =>
        `The old API key${old} for ${name} is refused${from}, whether or not your clients have switched.`,
    },
    undelivered: ({ fresh }) => `Nobody has received the new key${fresh} yet.`,
  },
  extended: {
    stragglers: {
      subject: ({ name, brief }) => `Clients still use the old API key for ${name}: end put off${brief.to}`,
      happened: ({ name, old, to }) =>
        `Clients still use the old API key${old} for ${name}, so its end was put off${to}.`,
    },
    held: {
      subject: ({ name }) => `Clients still use the old API key for ${name}, after its last extension`,
      happened: ({ name, old, on }) =>
        `Clients still use the old API key${old} for ${name}, after all the extensions that its policy allows. It keeps working, and will be reviewed again${on}.`,
    },
    undelivered: {
      subject: ({ name, brief }) => `Nobody has the new API key for ${name} yet: end put off${brief.to}`,
      happened: ({ name, fresh, old, to }) =>
        `Nobody has received the new API key${fresh} for ${name} yet, so the end of the old one${old} was put off${to}.`,
    },
  },
  rolledBack: {
    subject: ({ name, fresh }) => `The new API key for ${name} was withdrawn: use the earlier one${fresh}`,
    happened: ({ name, fresh, old }) =>
      `The new API key${old} for ${name} was withdrawn and is refused. The earlier one${fresh} is valid again.`,
    toDo: {
      'claim-link': () =>
        'If your client already has the new key, put the earlier one back now. If you have no copy of it, tell whoever runs the API.',
      'link-to-owner': () =>
        'If your client already has the new key, put the earlier one back now. If you have no copy of it, tell whoever runs the API.',
      operator: () =>
        'If your client already has the new key, put the earlier one back now. If you have no copy of it, tell whoever runs the API.',
      'secrets-manager': () =>
        'Your secret in AWS Secrets Manager holds the earlier key again: a client that reads it for each request needs no change. A client that keeps the key in memory must read the secret again now.',
      vault: () =>
        'The vault holds the earlier key again: a client that reads it for each request needs no change. A client that keeps the key in memory must read it again now.',
      'renewal-key': () =>
        'A client that kept its earlier key goes back to it by itself. Check now that yours has; if it has no copy, tell whoever runs the API.',
    },
    links: () => 'Any link to the new key that you still have no longer works.',
  },
  retired: {
    byPolicy: () => 'Its policy allowed no further extension, whether or not its clients had switched.',
    subject: ({ name }) => `The old API key for ${name} is now refused`,
    happened: ({ name, old }) => `The old API key${old} for ${name} is refused from now on.`,
    toDo: {
      'claim-link': ({ fresh }) =>
        `Nothing to do if your clients have switched. Give the new key${fresh} to any client that now gets the answer 401; if you do not have it, ask whoever runs the API.`,
      'link-to-owner': ({ fresh }) =>
        `Nothing to do if your clients have switched. Give the new key${fresh} to any client that now gets the answer 401; if you do not have it, ask whoever runs the API.`,
      operator: ({ fresh }) =>
        `Nothing to do if your clients have switched. Give the new key${fresh} to any client that now gets the answer 401; if you do not have it, ask whoever runs the API.`,
      'secrets-manager': () =>
        'Nothing to do if your clients have switched. Any client that now gets the answer 401 must read its secret in AWS Secrets Manager again.',
      vault: () =>
        'Nothing to do if your clients have switched. Any client that now gets the answer 401 must read the key in the vault again.',
      'renewal-key': () =>
        'Nothing to do if your clients have switched. Make sure that any client that now gets the answer 401 fetches its new key.',
    },
  },
  emergency: {
    refused: {
      subject: ({ name }) => `EMERGENCY: the API key for ${name} is refused. Switch to the new one now`,
      happened: ({ name, old }) =>
        `The API key${old} for ${name} was replaced in an emergency and is already refused.`,
    },
    ending: {
      subject: ({ name, brief }) => `EMERGENCY: replace the API key for ${name}${brief.by}`,
      happened: ({ name, old, from }) =>
        `The API key${old} for ${name} was replaced in an emergency. It is refused${from}, whether or not your clients have switched.`,
    },
    actNow: () => 'Act now.',
    worksAgain: () => 'Your clients are refused until they have the new key.',
    tellMore: () =>
      'If you know how the key got into other hands, or see requests that are not yours, tell whoever runs the API.',
  },
  deliveryWaiting: {
    first: {
      subject: ({ name }) => `The API key for ${name} is waiting: nobody has it yet`,
      happened: ({ name, fresh }) =>
        `The API key${fresh} for ${name} is waiting: nobody has received it yet.`,
    },
    next: {
      subject: ({ name }) => `The new API key for ${name} is waiting: nobody has it yet`,
      happened: ({ name, fresh }) =>
        `The new API key${fresh} for ${name} is waiting: nobody has received it yet.`,
    },
    toDo: {
      'claim-link': ({ by }) =>
        `Open the latest link that came by email${by}. If it no longer works, ask whoever runs the API for another.`,
      'link-to-owner': ({ by }) =>
        `The link to it went by email to its owner alone: ask them to open it${by}.`,
      operator: ({ by }) =>
        `Ask whoever runs the API for it${by}, and give it to your client: they can retrieve it for you, once.`,
      'secrets-manager': () =>
        'It has not reached your secret in AWS Secrets Manager yet. Whoever runs the API must see to that: ask them now.',
      vault: () => 'It has not reached the vault yet. Whoever runs the API must see to that: ask them now.',
      'renewal-key': ({ by }) => `Your client has not fetched it yet: make sure that it does${by}.`,
    },
    oldWaits: ({ old }) => `The old key${old} is not refused before somebody has received the new one.`,
    oldRefused: ({ old }) =>
      `The old key${old} is already refused: your clients work again once they have the new one.`,
    oldEnds: ({ old, from }) =>
      `The old key${old} is refused${from}, whether or not you have received the new one.`,
  },
  receivedElsewhere: {
    subject: ({ name }) => `Was it you? Somebody received the API key for ${name}`,
    happened: ({ name, fresh, on }) => `The API key${fresh} for ${name} was received${on}.`,
    toDo: () =>
      'If it was neither you nor somebody acting for you, tell whoever runs the API now: a stranger has the key. Otherwise there is nothing to do.',
    howFast: () =>
      'Whoever runs the API can replace the key within minutes and have this one refused at once.',
  },
  webhookDisabled: WEBHOOK_EN,
  claimLink: LINK_EN,

  move: {
    'claim-link': ({ by }) =>
      `Look for the email with the link to the new key, open the link, and give the key to your client${by}.`,
    'link-to-owner': ({ by }) =>
      `The link to the new key goes by email to its owner alone. Make sure with them that your client has the key${by}.`,
    operator: ({ by }) =>
      `Ask whoever runs the API for the new key, unless you have it already, and give it to your client${by}.`,
    'secrets-manager': ({ by }) =>
      `The new key is in your secret in AWS Secrets Manager: a client that reads it for each request needs no change. A client that keeps the key in memory must read the secret again${by}.`,
    vault: ({ by }) =>
      `The new key is in the vault: a client that reads it for each request needs no change. A client that keeps the key in memory must read it again${by}.`,
    'renewal-key': ({ by }) => `Your client fetches the new key by itself. Check that it has done so${by}.`,
  },
  atEnd: {
    planned: () =>
      'If too many requests still use the old key then, or nobody has received the new one, the end is put off, as often as the key’s policy allows. Otherwise the old key is refused from then on.',
    emergency: () => 'There is no extension: from then on the old key is refused.',
  },
  neverHere:
    'This email contains no key, and nothing that tells whether you have read it. Nobody needs you to send them your key: never put it into a reply.',

  labels: {
    key: 'Key',
    keyId: 'Key ID',
    owner: 'Owner',
    environment: 'Environment',
    version: 'Version',
    versionToUse: 'Version to use',
    oldVersion: 'Old version',
    takenBack: 'Withdrawn version',
    when: 'When',
    ends: 'Old key due to end',
    reviewed: 'Reviewed again',
    refusedFrom: 'Old key refused from',
    reason: 'Reason given',
    extensions: 'Extensions so far',
    requests: 'Requests counted',
    receivedBy: 'Received',
    receivedFrom: 'From address',
    userAgent: 'Program',
    refusedAlready: 'now',
  },
  environments: { live: 'live', test: 'test' },
  received: {
    issue: 'shown when it was issued',
    claim: 'retrieved by an operator',
    link: 'through its link',
    placed: 'written to where its client reads it',
    renewal: 'fetched with the registered key',
    'first-use': 'used for the first time',
  },
  requests: (old, fresh) => `${old} with the old key, ${fresh} with the new one`,
  stragglers: {
    caption: 'Who still uses the old key',
    client: 'Address and program',
    use: 'Use',
    count: (requests, shown) => `${shown} ${requests === 1 ? 'request' : 'requests'}`,
    last: (moment) => `last ${moment}`,
    nameless: 'unnamed program',
  },

  footer: {
    why: 'You get this email because you own this key, or because this address was added to it.',
    leave: {
      issued: 'No need for emails about newly issued keys?',
      reminder: 'No need for reminders?',
      extended: 'No need for emails about extensions?',
      retired: 'No need for emails about keys that have ended?',
    },
    leaveLink: 'Unsubscribe from these',
  },
};
