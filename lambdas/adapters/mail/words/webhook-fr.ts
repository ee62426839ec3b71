import type { WebhookWords } from '../webhook-words.ts';

/** French. */
export const WEBHOOK_FR: WebhookWords = {
  subject: (host) => `Votre webhook chez ${host} est désactivé : il ne reçoit plus rien`,
  happened: {
    gone: (host) =>
      `Le webhook chez ${host} est désactivé : son destinataire a répondu 410 Gone, il ne veut donc plus d’événements.`,
    unreached: (host) =>
      `Le webhook chez ${host} est désactivé : depuis un jour, rien n’est parvenu à son destinataire.`,
  },
  toDo: 'Réparez le destinataire, puis demandez à l’exploitant de l’API de réactiver le webhook. Si vous n’en avez plus besoin, rien à faire.',
  howTo: (command) =>
    `L’exploitant de l’API le réactive par cette commande, avec une raison : ${command} --reason …`,
  meanwhile:
    'D’ici là, aucun événement de vos clés ne lui est envoyé. Ce qui restait à envoyer est conservé et pourra être renvoyé une fois le webhook réactivé.',
  labels: { webhook: 'Webhook', receiver: 'Destinataire', failingSince: 'Rien ne lui parvient depuis' },
  why: 'Vous recevez cet e-mail parce que ce webhook est informé de vos clés.',
};
