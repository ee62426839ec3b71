import type { LinkWords } from '../link-words.ts';

/** Deutsch. */
export const LINK_DE: LinkWords = {
  first: {
    new: {
      subject: ({ name, by }) => `Ihr API-Schlüssel für ${name} wartet: Holen Sie ihn${by} ab`,
      happened: ({ name }) => `Für Sie wurde ein API-Schlüssel ausgestellt: ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Erinnerung: Holen Sie Ihren API-Schlüssel für ${name}${by} ab`,
      happened: ({ name }) =>
        `Der API-Schlüssel für ${name} wartet noch auf Sie: Bisher hat ihn niemand abgeholt.`,
    },
  },
  next: {
    new: {
      subject: ({ name, by }) => `Ihr neuer API-Schlüssel für ${name} wartet: Holen Sie ihn${by} ab`,
      happened: ({ name }) => `Für ${name} wurde ein neuer API-Schlüssel erstellt.`,
    },
    again: {
      subject: ({ name, by }) => `Erinnerung: Holen Sie Ihren neuen API-Schlüssel für ${name}${by} ab`,
      happened: ({ name }) =>
        `Der neue API-Schlüssel für ${name} wartet noch auf Sie: Bisher hat ihn niemand abgeholt.`,
    },
  },
  toDo: ({ by }) =>
    `Öffnen Sie den Link unten${by}, und legen Sie den Schlüssel dort ab, wo Ihr Client ihn liest.`,
  previous: {
    refused: 'Der vorige Schlüssel wird bereits abgelehnt: Ihr Client arbeitet wieder, sobald er diesen hat.',
    refusedAt: ({ from }) =>
      `Der Schlüssel, den Sie jetzt benutzen, wird${from} abgelehnt, ob Sie den neuen abgeholt haben oder nicht.`,
    ends: ({ on }) => `Der Schlüssel, den Sie jetzt benutzen, soll${on} enden.`,
  },
  button: 'Schlüssel abholen',
  otherwise: 'Wenn die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
  until: 'Link gilt bis',
  keyBefore: 'Voriger Schlüssel',
  keyInUse: 'Jetziger Schlüssel',
  standing: {
    refused: 'wird bereits abgelehnt',
    refusedAt: ({ from }) => `wird${from} abgelehnt`,
    ends: ({ on }) => `gilt, soll${on} enden`,
  },
  once: 'Die Seite zeigt den Schlüssel nur einmal, und zwar der ersten Person, die ihn abruft: Leiten Sie diese E-Mail nicht weiter.',
  earlierLink: 'Ein Link, den Sie früher erhalten haben, gilt nicht mehr.',
  takenByOther:
    'Wenn die Seite sagt, dass der Schlüssel schon abgeholt wurde, und Sie es nicht waren, melden Sie es dort: Der Schlüssel kann innerhalb von Minuten ersetzt werden.',
  another: 'Wenn der Link nicht mehr gilt, bitten Sie die Betreiber der API um einen neuen.',
  why: 'Sie erhalten diese E-Mail, weil der Schlüssel Ihnen gehört.',
};
