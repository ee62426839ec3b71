/** The words of the page, in each language that mails have. */
import type { LeavableKind } from '../../../rules/mail-kinds.ts';
import type { Language } from '../../../rules/mail-locale.ts';

export interface PageWords {
  /** What mails of a kind are about. */
  readonly about: Readonly<Record<LeavableKind, string>>;
  readonly ask: { readonly title: string; readonly text: (about: string) => string; readonly button: string };
  readonly left: {
    readonly title: string;
    readonly text: (about: string) => string;
    readonly button: string;
  };
  readonly back: { readonly title: string; readonly text: (about: string) => string };
  readonly still: string;
  readonly wrong: { readonly title: string; readonly text: string };
  readonly fault: { readonly title: string; readonly text: string };
}

export const PAGE_WORDS: Readonly<Record<Language, PageWords>> = {
  en: {
    about: {
      issued: 'newly issued API keys',
      reminder: 'reminders before an old API key ends',
      extended: 'extensions of old API keys',
      retired: 'old API keys that have ended',
    },
    ask: {
      title: 'Unsubscribe?',
      text: (about) => `This address will get no more emails about: ${about}.`,
      button: 'Unsubscribe',
    },
    left: {
      title: 'You are unsubscribed',
      text: (about) => `This address gets no more emails about: ${about}.`,
      button: 'Send them again',
    },
    back: {
      title: 'You are subscribed again',
      text: (about) => `This address gets emails again about: ${about}.`,
    },
    still: 'Emails that warn of a client losing access, or of a key in the wrong hands, are still sent.',
    wrong: {
      title: 'This link does not work',
      text: 'Is it complete? Open the link of a newer email, or ask whoever runs the API.',
    },
    fault: {
      title: 'That did not work',
      text: 'The fault is ours, and nothing was changed. Open the link again in a minute.',
    },
  },
  de: {
    about: {
      issued: 'neu ausgestellte API-Schlüssel',
      reminder: 'Erinnerungen vor dem Ende eines alten API-Schlüssels',
      extended: 'Verlängerungen alter API-Schlüssel',
      retired: 'alte API-Schlüssel, die nicht mehr gelten',
    },
    ask: {
      title: 'Abbestellen?',
      text: (about) => `An diese Adresse gehen dann keine E-Mails mehr über: ${about}.`,
      button: 'Abbestellen',
    },
    left: {
      title: 'Abbestellt',
      text: (about) => `An diese Adresse gehen keine E-Mails mehr über: ${about}.`,
      button: 'Doch wieder senden',
    },
    back: {
      title: 'Wieder abonniert',
      text: (about) => `An diese Adresse gehen wieder E-Mails über: ${about}.`,
    },
    still:
      'E-Mails, die warnen, dass ein Client den Zugang verliert oder ein Schlüssel in falsche Hände geraten ist, kommen weiterhin.',
    wrong: {
      title: 'Dieser Link gilt nicht',
      text: 'Ist er vollständig? Öffnen Sie den Link einer neueren E-Mail, oder fragen Sie die Betreiber der API.',
    },
    fault: {
      title: 'Das hat nicht geklappt',
      text: 'Der Fehler liegt bei uns, und nichts wurde geändert. Öffnen Sie den Link in einer Minute noch einmal.',
    },
  },
  fr: {
    about: {
      issued: 'les clés d’API nouvellement créées',
      reminder: 'les rappels avant la fin d’une ancienne clé d’API',
      extended: 'les prolongations d’anciennes clés d’API',
      retired: 'les anciennes clés d’API arrivées à leur fin',
    },
    ask: {
      title: 'Se désabonner ?',
      text: (about) => `Cette adresse ne recevra plus d’e-mails sur : ${about}.`,
      button: 'Se désabonner',
    },
    left: {
      title: 'Désabonnement confirmé',
      text: (about) => `Cette adresse ne reçoit plus d’e-mails sur : ${about}.`,
      button: 'Les envoyer de nouveau',
    },
    back: {
      title: 'Réabonnement confirmé',
      text: (about) => `Cette adresse reçoit de nouveau des e-mails sur : ${about}.`,
    },
    still:
      'Les e-mails qui préviennent qu’un client va perdre l’accès, ou qu’une clé est en de mauvaises mains, restent envoyés.',
    wrong: {
      title: 'Ce lien ne fonctionne pas',
      text: 'Est-il complet ? Ouvrez le lien d’un e-mail plus récent, ou demandez à l’exploitant de l’API.',
    },
    fault: {
      title: 'Cela n’a pas fonctionné',
      text: 'L’erreur vient de nous, et rien n’a été modifié. Rouvrez le lien dans une minute.',
    },
  },
  es: {
    about: {
      issued: 'claves de API recién creadas',
      reminder: 'recordatorios antes del fin de una clave de API anterior',
      extended: 'prórrogas de claves de API anteriores',
      retired: 'claves de API anteriores que han terminado',
    },
    ask: {
      title: '¿Darse de baja?',
      text: (about) => `Esta dirección ya no recibirá correos sobre: ${about}.`,
      button: 'Darse de baja',
    },
    left: {
      title: 'Se ha dado de baja',
      text: (about) => `Esta dirección ya no recibe correos sobre: ${about}.`,
      button: 'Enviarlos de nuevo',
    },
    back: {
      title: 'Suscripción restablecida',
      text: (about) => `Esta dirección recibe de nuevo correos sobre: ${about}.`,
    },
    still:
      'Los correos que avisan de que un cliente va a perder el acceso, o de que una clave está en malas manos, se siguen enviando.',
    wrong: {
      title: 'Este enlace no funciona',
      text: '¿Está completo? Abra el enlace de un correo más reciente, o pregunte a quien opera la API.',
    },
    fault: {
      title: 'No ha funcionado',
      text: 'El fallo es nuestro y no se cambió nada. Abra el enlace de nuevo en un minuto.',
    },
  },
};
