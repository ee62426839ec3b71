import type { LinkWords } from '../link-words.ts';

/** English. */
export const LINK_EN: LinkWords = {
  first: {
    new: {
      subject: ({ name, by }) => `Your API key for ${name} waits: take it${by}`,
      happened: ({ name }) => `An API key was made for you for ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Reminder: your API key for ${name} waits: take it${by}`,
      happened: ({ name }) => `The API key for ${name} waits for you still: nobody has taken it yet.`,
    },
  },
  next: {
    new: {
      subject: ({ name, by }) => `Your new API key for ${name} waits: take it${by}`,
      happened: ({ name }) => `A new API key was made for ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Reminder: your new API key for ${name} waits: take it${by}`,
      happened: ({ name }) => `The new API key for ${name} waits for you still: nobody has taken it yet.`,
    },
  },
  toDo: ({ by }) => `Open the link below${by}, and put the key where your client reads it.`,
  previous: {
    refused: 'The key before it is refused already: your client works again once it has this one.',
    refusedAt: ({ from }) =>
      `The key that you use now is refused${from}, whether you have taken the new one or not.`,
    ends: ({ on }) => `The key that you use now is to end${on}.`,
  },
  button: 'Get the key',
  otherwise: 'If the button does nothing, open this address:',
  until: 'Link works until',
  keyBefore: 'Key before it',
  keyInUse: 'Key in use now',
  standing: {
    refused: 'refused already',
    refusedAt: ({ from }) => `refused${from}`,
    ends: ({ on }) => `works, to end${on}`,
  },
  once: 'The page shows the key once, to whoever asks it first: do not pass this mail on.',
  earlierLink: 'A link that you got earlier does not work any more.',
  takenByOther:
    'If the page says that the key was taken and it was not you, report it there: the key can be replaced within minutes.',
  another: 'If the link does not work any more, ask whoever runs the API for another.',
  why: 'You get this mail because you own this key.',
};
