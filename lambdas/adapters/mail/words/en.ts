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
      : { on: ` on ${moment}`, to: ` to ${moment}`, from: ` from ${moment} on`, by: ` by ${moment}` },
  byThen: ' by then',

  issued: {
    subject: ({ name }) => `A new API key: ${name}`,
    happened: ({ name, fresh }) => `An API key${fresh} was made: ${name}.`,
    toDo: {
      'claim-link': () =>
        'Look for the mail with its link, open the link by the time that mail names, and put the key where your client reads it.',
      'link-to-owner': () =>
        'Its link went to its owner alone, by mail. Ask them for the key, and put it where your client reads it.',
      operator: () =>
        'Ask whoever runs the API for it, unless you have it already, and put it where your client reads it.',
      'secrets-manager': () =>
        'Let your client read it from its secret in AWS Secrets Manager. Whoever runs the API knows the name of the secret.',
      vault: () => 'Let your client read it from the vault. Whoever runs the API knows the path it lies at.',
      'renewal-key': () => 'Let your client fetch it with the private key whose public half is registered.',
    },
  },
  rotationStarted: {
    subject: ({ name, brief }) => `New API key for ${name}: change to it${brief.by}`,
    happened: ({ name, fresh, old }) =>
      `A new API key${fresh} was made for ${name}. The old one${old} still works, for now.`,
  },
  reminder: {
    planned: {
      subject: ({ name, brief }) => `Reminder: the old API key for ${name} is to end${brief.on}`,
      happened: ({ name, old, on }) => `The old API key${old} for ${name} is to end${on}.`,
    },
    emergency: {
      subject: ({ name, brief }) => `Urgent reminder: the old API key for ${name} is refused${brief.from}`,
      happened: ({ name, old, from }) =>
        `The old API key${old} for ${name} is refused${from}, whether your clients have moved or not.`,
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
        `Clients still use the old API key${old} for ${name}, after all the extensions that its policy allows. It works on, and is looked at again${on}.`,
    },
    undelivered: {
      subject: ({ name, brief }) => `Nobody has the new API key for ${name} yet: end put off${brief.to}`,
      happened: ({ name, fresh, old, to }) =>
        `Nobody has received the new API key${fresh} for ${name} yet, so the end of the old one${old} was put off${to}.`,
    },
  },
  rolledBack: {
    subject: ({ name, fresh }) => `The new API key for ${name} was taken back: use the earlier one${fresh}`,
    happened: ({ name, fresh, old }) =>
      `The new API key${old} for ${name} was taken back and is refused. The earlier one${fresh} is the API key again.`,
    toDo: {
      'claim-link': () =>
        'If your client has the new key already, put the earlier one back now. If you have no copy of it, tell whoever runs the API.',
      'link-to-owner': () =>
        'If your client has the new key already, put the earlier one back now. If you have no copy of it, tell whoever runs the API.',
      operator: () =>
        'If your client has the new key already, put the earlier one back now. If you have no copy of it, tell whoever runs the API.',
      'secrets-manager': () =>
        'Your secret in AWS Secrets Manager has the earlier key again: a client that reads it for each use has nothing to do. Let one that keeps the key read the secret anew now.',
      vault: () =>
        'The vault has the earlier key again: a client that reads it for each use has nothing to do. Let one that keeps the key read it anew now.',
      'renewal-key': () =>
        'A client that kept its earlier key goes back to it by itself. See now that yours has; if it has no copy, tell whoever runs the API.',
    },
    links: () => 'A link to the new key that you still have does not work any more.',
  },
  retired: {
    byPolicy: () => 'Its policy allowed no further extension, whether its clients had moved or not.',
    subject: ({ name }) => `The old API key for ${name} is refused now`,
    happened: ({ name, old }) => `The old API key${old} for ${name} is refused from now on.`,
    toDo: {
      'claim-link': ({ fresh }) =>
        `Nothing to do if your clients have moved. Give any that is answered 401 now the new key${fresh}; if you do not have it, ask whoever runs the API.`,
      'link-to-owner': ({ fresh }) =>
        `Nothing to do if your clients have moved. Give any that is answered 401 now the new key${fresh}; if you do not have it, ask whoever runs the API.`,
      operator: ({ fresh }) =>
        `Nothing to do if your clients have moved. Give any that is answered 401 now the new key${fresh}; if you do not have it, ask whoever runs the API.`,
      'secrets-manager': () =>
        'Nothing to do if your clients have moved. Let any that is answered 401 now read its secret in AWS Secrets Manager anew.',
      vault: () =>
        'Nothing to do if your clients have moved. Let any that is answered 401 now read the key in the vault anew.',
      'renewal-key': () =>
        'Nothing to do if your clients have moved. See that any that is answered 401 now fetches its new key.',
    },
  },
  emergency: {
    refused: {
      subject: ({ name }) => `EMERGENCY: the API key for ${name} is refused. Change to the new one now`,
      happened: ({ name, old }) =>
        `The API key${old} for ${name} was replaced in an emergency, and is refused already.`,
    },
    ending: {
      subject: ({ name, brief }) => `EMERGENCY: change the API key for ${name}${brief.by}`,
      happened: ({ name, old, from }) =>
        `The API key${old} for ${name} was replaced in an emergency. It is refused${from}, whether your clients have moved or not.`,
    },
    actNow: () => 'Act now.',
    worksAgain: () => 'Your clients are refused until they have the new key.',
    tellMore: () =>
      'If you know how the key came into other hands, or see requests that are not yours, tell whoever runs the API.',
  },
  deliveryWaiting: {
    first: {
      subject: ({ name }) => `The API key for ${name} waits: nobody has it yet`,
      happened: ({ name, fresh }) => `The API key${fresh} for ${name} waits: nobody has received it yet.`,
    },
    next: {
      subject: ({ name }) => `The new API key for ${name} waits: nobody has it yet`,
      happened: ({ name, fresh }) => `The new API key${fresh} for ${name} waits: nobody has received it yet.`,
    },
    toDo: {
      'claim-link': ({ by }) =>
        `Open the latest link that came by mail${by}. If it does not work any more, ask whoever runs the API for another.`,
      'link-to-owner': ({ by }) => `Its link went to its owner alone, by mail: ask them to open it${by}.`,
      operator: ({ by }) =>
        `Ask whoever runs the API for it${by}, and give it to your client: they can take it out for you, once.`,
      'secrets-manager': () =>
        'It has not reached your secret in AWS Secrets Manager yet. Whoever runs the API must see to that: ask them now.',
      vault: () => 'It has not reached the vault yet. Whoever runs the API must see to that: ask them now.',
      'renewal-key': ({ by }) => `Your client has not fetched it yet: see that it does${by}.`,
    },
    oldWaits: ({ old }) => `The old key${old} is not refused before somebody has received the new one.`,
    oldRefused: ({ old }) =>
      `The old key${old} is refused already: your clients work again once they have the new one.`,
    oldEnds: ({ old, from }) =>
      `The old key${old} is refused${from}, whether you have received the new one or not.`,
  },
  receivedElsewhere: {
    subject: ({ name }) => `Was it you? Somebody has received the API key for ${name}`,
    happened: ({ name, fresh, on }) => `The API key${fresh} for ${name} was received${on}.`,
    toDo: () =>
      'If it was neither you nor somebody you asked, tell whoever runs the API now: a stranger has the key. Otherwise there is nothing to do.',
    howFast: () => 'Whoever runs the API can replace the key within minutes, and refuse this one at once.',
  },
  webhookDisabled: WEBHOOK_EN,
  claimLink: LINK_EN,

  move: {
    'claim-link': ({ by }) =>
      `Look for the mail with the link to the new key, open it, and give the key to your client${by}.`,
    'link-to-owner': ({ by }) =>
      `The link to the new key goes to its owner alone, by mail. See with them that your client has the key${by}.`,
    operator: ({ by }) =>
      `Ask whoever runs the API for the new key, unless you have it already, and give it to your client${by}.`,
    'secrets-manager': ({ by }) =>
      `The new key is in your secret in AWS Secrets Manager: a client that reads it for each use has nothing to do. Let one that keeps the key read the secret anew${by}.`,
    vault: ({ by }) =>
      `The new key is in the vault: a client that reads it for each use has nothing to do. Let one that keeps the key read it anew${by}.`,
    'renewal-key': ({ by }) => `Your client fetches the new key by itself. See that it has done so${by}.`,
  },
  atEnd: {
    planned: () =>
      'If too many requests still come with the old key then, or nobody has received the new one, the end is put off, as often as the policy of the key allows. Otherwise the old key is refused from then on.',
    emergency: () => 'There is no extension: from then on the old key is refused.',
  },
  neverHere:
    'This mail holds no key and nothing that tells whether you have read it. Nobody needs your key from you: answer no mail with it.',

  labels: {
    key: 'Key',
    keyId: 'Key id',
    owner: 'Owner',
    environment: 'Environment',
    version: 'Version',
    versionToUse: 'Version to use',
    oldVersion: 'Old version',
    takenBack: 'Taken back',
    when: 'When',
    ends: 'Old key is to end',
    refusedFrom: 'Old key is refused',
    reason: 'Reason given',
    extensions: 'Extensions so far',
    requests: 'Requests counted',
    receivedBy: 'Received',
    receivedFrom: 'From address',
    userAgent: 'With program',
    refusedAlready: 'already',
  },
  environments: { live: 'live', test: 'test' },
  received: {
    issue: 'printed as it was issued',
    claim: 'taken by an operator',
    link: 'taken by its link',
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
    nameless: 'does not say what it is',
  },

  footer: {
    why: 'You get this mail because you own this key, or because this address was added to it.',
    leave: {
      issued: 'You need no mails about newly issued keys?',
      reminder: 'You need no reminders?',
      extended: 'You need no mails about extensions?',
      retired: 'You need no mails about keys that have ended?',
    },
    leaveLink: 'Unsubscribe from these',
  },
};
