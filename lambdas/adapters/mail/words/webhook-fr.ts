import type { WebhookWords } from '../webhook-words.ts';

/** French. */
export const WEBHOOK_FR: WebhookWords = {
  subject: (host) => `Votre webhook chez ${host} est désactivé : il ne reçoit plus rien`,
  happened: {
    gone: (host) =>
      `Le webhook chez ${host} est désactivé : son récepteur a répondu 410 Gone : il ne veut donc plus d’événements.`,
    unreached: (host) =>
      `Le webhook chez ${host} est désactivé : depuis un jour, rien n’est parvenu à son récepteur.`,
  },
  toDo: 'Réparez le récepteur, puis demandez à l’exploitant de l’API de réactiver le webhook. Si vous n’en avez plus besoin, il n’y a rien à faire.',
  howTo: (command) =>
    `L’exploitant de l’API le réactive avec cette commande et un motif : ${command} --reason …`,
  meanwhile:
    'D’ici là, aucun événement de vos clés ne lui est envoyé. Ce qui n’a pas pu être envoyé est conservé et pourra être renvoyé une fois le webhook réactivé.',
  labels: { webhook: 'Webhook', receiver: 'Récepteur', failingSince: 'Rien ne lui parvient depuis' },
  why: 'Vous recevez cet e-mail parce que ce webhook est informé de vos clés.',
};
