import type { WebhookWords } from '../webhook-words.ts';

/** Spanish. */
export const WEBHOOK_ES: WebhookWords = {
  subject: (host) => `Su webhook en ${host} está desactivado: ya no recibe nada`,
  happened: {
    gone: (host) =>
      `El webhook en ${host} está desactivado: su receptor respondió 410 Gone, es decir, no quiere más eventos.`,
    unreached: (host) =>
      `El webhook en ${host} está desactivado: desde hace un día nada llega a su receptor.`,
  },
  toDo: 'Repare el receptor y pida después a quien opera la API que vuelva a activar el webhook. Si ya no lo necesita, no hay nada que hacer.',
  howTo: (command) =>
    `Quien opera la API lo activa de nuevo con este comando y un motivo: ${command} --reason …`,
  meanwhile:
    'Hasta entonces no se le envía ningún evento de sus claves. Lo que no se pudo enviar se conserva y se puede enviar de nuevo cuando el webhook esté activado.',
  labels: { webhook: 'Webhook', receiver: 'Receptor', failingSince: 'Nada le llega desde' },
  why: 'Recibe este correo porque este webhook recibe noticias de sus claves.',
};
