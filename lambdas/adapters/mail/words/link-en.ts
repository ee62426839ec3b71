import type { LinkWords } from '../link-words.ts';

/** English. */
export const LINK_EN: LinkWords = {
  first: {
    new: {
      subject: ({ name, by }) => `Your API key for ${name} is waiting: collect it${by}`,
      happened: ({ name }) => `An API key was issued to you: ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Reminder: collect your API key for ${name}${by}`,
      happened: ({ name }) =>
        `The API key for ${name} is still waiting for you: nobody has collected it yet.`,
    },
  },
  next: {
    new: {
      subject: ({ name, by }) => `Your new API key for ${name} is waiting: collect it${by}`,
      happened: ({ name }) => `There is a new API key for ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Reminder: collect your new API key for ${name}${by}`,
      happened: ({ name }) =>
        `The new API key for ${name} is still waiting for you: nobody has collected it yet.`,
    },
  },
  toDo: ({ by }) => `Open the link below${by}, and put the key where your client reads it.`,
  previous: {
    refused: 'The key before it is already refused: your client works again once it has this one.',
    refusedAt: ({ from }) =>
      `The key that you use now is refused${from}, whether or not you have collected the new one.`,
    ends: ({ on }) => `The key that you use now is due to end${on}.`,
  },
  button: 'Get the key',
  otherwise: 'If the button does not work, open this address:',
  until: 'Link works until',
  keyBefore: 'Key before it',
  keyInUse: 'Key in use now',
  standing: {
    refused: 'already refused',
    refusedAt: ({ from }) => `refused${from}`,
    ends: ({ on }) => `works, due to end${on}`,
  },
  once: 'The page shows the key once, to whoever asks for it first: do not pass this email on.',
  earlierLink: 'Any link that you got earlier no longer works.',
  takenByOther:
    'If the page says that the key was taken already and it was not you, report it there: the key can be replaced within minutes.',
  another: 'If the link no longer works, ask whoever runs the API for another.',
  why: 'You get this email because you own this key.',
};
