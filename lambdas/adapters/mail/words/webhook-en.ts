import type { WebhookWords } from '../webhook-words.ts';

/** English. */
export const WEBHOOK_EN: WebhookWords = {
  subject: (host) => `Your webhook at ${host} is disabled: it receives nothing more`,
  happened: {
    gone: (host) =>
      `The webhook at ${host} is disabled: its receiver answered 410 Gone, which says that it wants no more events.`,
    unreached: (host) => `The webhook at ${host} is disabled: nothing has reached its receiver for a day.`,
  },
  toDo: 'Repair its receiver, then ask whoever runs the API to enable the webhook again. If you no longer need it, there is nothing to do.',
  howTo: (command) =>
    `Whoever runs the API enables it again with this command, and a reason: ${command} --reason …`,
  meanwhile:
    'Until then no event of your keys is sent to it. What could not be sent is kept, and can be sent again once the webhook is enabled.',
  labels: { webhook: 'Webhook', receiver: 'Receiver', failingSince: 'Nothing reached it since' },
  why: 'You get this email because this webhook is told of your keys.',
};
