import type { WebhookWords } from '../webhook-words.ts';

/** German. */
export const WEBHOOK_DE: WebhookWords = {
  subject: (host) => `Ihr Webhook bei ${host} ist abgeschaltet: Er erhält nichts mehr`,
  happened: {
    gone: (host) =>
      `Der Webhook bei ${host} ist abgeschaltet: Sein Empfänger hat mit 410 Gone geantwortet, will also keine Ereignisse mehr.`,
    unreached: (host) =>
      `Der Webhook bei ${host} ist abgeschaltet: Seit einem Tag hat nichts seinen Empfänger erreicht.`,
  },
  toDo: 'Bringen Sie den Empfänger in Ordnung, und bitten Sie dann die Betreiber der API, den Webhook wieder einzuschalten. Wenn Sie ihn nicht mehr brauchen, ist nichts zu tun.',
  howTo: (command) =>
    `Die Betreiber der API schalten ihn mit diesem Befehl und einem Grund wieder ein: ${command} --reason …`,
  meanwhile:
    'Bis dahin wird ihm kein Ereignis Ihrer Schlüssel gesendet. Was nicht gesendet werden konnte, ist aufgehoben und kann erneut gesendet werden, sobald der Webhook eingeschaltet ist.',
  labels: { webhook: 'Webhook', receiver: 'Empfänger', failingSince: 'Nicht erreicht seit' },
  why: 'Sie erhalten diese E-Mail, weil dieser Webhook von Ihren Schlüsseln erfährt.',
};
