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
      text: (about) => `No more mails go to this address about: ${about}.`,
      button: 'Unsubscribe',
    },
    left: {
      title: 'You are unsubscribed',
      text: (about) => `No more mails go to this address about: ${about}.`,
      button: 'Send them again',
    },
    back: { title: 'You get them again', text: (about) => `Mails go to this address again about: ${about}.` },
    still:
      'Mails that say how a client would be cut off, or that a key may be in wrong hands, come all the same.',
    wrong: {
      title: 'This link does not work',
      text: 'Is it whole? Open the link of a newer mail, or ask whoever runs the API.',
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
      retired: 'alte API-Schlüssel, die beendet sind',
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
      title: 'Sie erhalten sie wieder',
      text: (about) => `An diese Adresse gehen wieder E-Mails über: ${about}.`,
    },
    still:
      'E-Mails darüber, dass ein Client ausgesperrt würde oder ein Schlüssel in falschen Händen sein kann, kommen trotzdem.',
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
      title: 'Se désabonner ?',
      text: (about) => `Cette adresse ne recevra plus d’e-mails sur : ${about}.`,
      button: 'Se désabonner',
    },
    left: {
      title: 'Vous êtes désabonné',
      text: (about) => `Cette adresse ne reçoit plus d’e-mails sur : ${about}.`,
      button: 'Les envoyer de nouveau',
    },
    back: {
      title: 'Vous les recevez de nouveau',
      text: (about) => `Cette adresse reçoit de nouveau des e-mails sur : ${about}.`,
    },
    still:
      'Les e-mails qui disent qu’un client serait coupé, ou qu’une clé est peut-être en de mauvaises mains, arrivent malgré tout.',
    wrong: {
      title: 'Ce lien ne fonctionne pas',
      text: 'Est-il entier ? Ouvrez le lien d’un e-mail plus récent, ou demandez à l’exploitant de l’API.',
    },
    fault: {
      title: 'Cela n’a pas fonctionné',
      text: 'La faute est la nôtre, et rien n’a été changé. Ouvrez de nouveau le lien dans une minute.',
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
      title: 'Los recibe de nuevo',
      text: (about) => `Esta dirección recibe de nuevo correos sobre: ${about}.`,
    },
    still:
      'Los correos que dicen que un cliente quedaría cortado, o que una clave puede estar en malas manos, llegan de todos modos.',
    wrong: {
      title: 'Este enlace no funciona',
      text: '¿Está entero? Abra el enlace de un correo más reciente, o pregunte a quien opera la API.',
    },
    fault: {
      title: 'No ha funcionado',
      text: 'El fallo es nuestro y no se cambió nada. Abra el enlace de nuevo en un minuto.',
    },
  },
};
