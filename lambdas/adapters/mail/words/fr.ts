import type { Words } from '../words.ts';
import { LINK_FR } from './link-fr.ts';
import { WEBHOOK_FR } from './webhook-fr.ts';

/** Français. A space before `:`, `;`, `?` and `!` does not break (U+00A0). */
export const FR: Words = {
  quotes: ['«\u00a0', '\u00a0»'],
  version: (version) => ` (version ${version})`,
  clauses: (moment) =>
    moment === undefined
      ? { on: '', to: '', from: '', by: ' maintenant' }
      : {
          on: ` le ${moment}`,
          to: ` au ${moment}`,
          from: ` à partir du ${moment}`,
          by: ` avant le ${moment}`,
        },
  byThen: ' avant cette date',

  issued: {
    subject: ({ name }) => `Nouvelle clé d’API : ${name}`,
    happened: ({ name, fresh }) => `Une clé d’API${fresh} a été créée : ${name}.`,
    toDo: {
      'claim-link': () =>
        'Cherchez l’e-mail qui contient son lien, ouvrez ce lien avant la date indiquée, et placez la clé là où votre client la lit.',
      'link-to-owner': () =>
        'Son lien a été envoyé par e-mail à son propriétaire seul. Demandez-lui la clé, et placez-la là où votre client la lit.',
      operator: () =>
        'Demandez-la à l’exploitant de l’API si vous ne l’avez pas encore, et placez-la là où votre client la lit.',
      'secrets-manager': () =>
        'Faites-la lire par votre client dans son secret d’AWS Secrets Manager. L’exploitant de l’API connaît le nom du secret.',
      vault: () =>
        'Faites-la lire par votre client dans le coffre (Vault). L’exploitant de l’API en connaît le chemin.',
      'renewal-key': () =>
        'Faites-la chercher par votre client avec la clé privée dont la partie publique est enregistrée.',
    },
  },
  rotationStarted: {
    subject: ({ name, brief }) => `Nouvelle clé d’API pour ${name} : passez-y${brief.by}`,
    happened: ({ name, fresh, old }) =>
      `Une nouvelle clé d’API${fresh} a été créée pour ${name}. L’ancienne${old} reste acceptée pour l’instant.`,
  },
  reminder: {
    planned: {
      subject: ({ name, brief }) => `Rappel : l’ancienne clé d’API pour ${name} doit prendre fin${brief.on}`,
      happened: ({ name, old, on }) => `L’ancienne clé d’API${old} pour ${name} doit prendre fin${on}.`,
    },
    emergency: {
      subject: ({ name, brief }) =>
        `Rappel urgent : l’ancienne clé d’API pour ${name} sera refusée${brief.from}`,
      happened: ({ name, old, from }) =>
        `L’ancienne clé d’API${old} pour ${name} sera refusée${from}, que vos clients aient changé de clé ou non.`,
    },
    undelivered: ({ fresh }) => `Personne n’a encore reçu la nouvelle clé${fresh}.`,
  },
  extended: {
    stragglers: {
      subject: ({ name, brief }) =>
        `L’ancienne clé d’API pour ${name} est encore utilisée : fin reportée${brief.to}`,
      happened: ({ name, old, to }) =>
        `L’ancienne clé d’API${old} pour ${name} est encore utilisée : sa fin a donc été reportée${to}.`,
    },
    held: {
      subject: ({ name }) =>
        `L’ancienne clé d’API pour ${name} est encore utilisée après sa dernière prolongation`,
      happened: ({ name, old, on }) =>
        `L’ancienne clé d’API${old} pour ${name} est encore utilisée, après toutes les prolongations que permet sa politique. Elle reste acceptée et sera réexaminée${on}.`,
    },
    undelivered: {
      subject: ({ name, brief }) =>
        `Personne n’a encore la nouvelle clé d’API pour ${name} : fin de l’ancienne reportée${brief.to}`,
      happened: ({ name, fresh, old, to }) =>
        `Personne n’a encore reçu la nouvelle clé d’API${fresh} pour ${name} : la fin de l’ancienne${old} a donc été reportée${to}.`,
    },
  },
  rolledBack: {
    subject: ({ name, fresh }) =>
      `La nouvelle clé d’API pour ${name} a été retirée : utilisez la précédente${fresh}`,
    happened: ({ name, fresh, old }) =>
      `La nouvelle clé d’API${old} pour ${name} a été retirée et est refusée. La précédente${fresh} est de nouveau valable.`,
    toDo: {
      'claim-link': () =>
        'Si votre client a déjà la nouvelle clé, remettez la précédente maintenant. Si vous n’en avez pas de copie, prévenez l’exploitant de l’API.',
      'link-to-owner': () =>
        'Si votre client a déjà la nouvelle clé, remettez la précédente maintenant. Si vous n’en avez pas de copie, prévenez l’exploitant de l’API.',
      operator: () =>
        'Si votre client a déjà la nouvelle clé, remettez la précédente maintenant. Si vous n’en avez pas de copie, prévenez l’exploitant de l’API.',
      'secrets-manager': () =>
        'Votre secret d’AWS Secrets Manager contient de nouveau la clé précédente : rien à faire pour un client qui la lit à chaque requête. Un client qui la garde en mémoire doit relire le secret maintenant.',
      vault: () =>
        'Le coffre (Vault) contient de nouveau la clé précédente : rien à faire pour un client qui la lit à chaque requête. Un client qui la garde en mémoire doit la relire maintenant.',
      'renewal-key': () =>
        'Un client qui a gardé sa clé précédente y revient de lui-même. Vérifiez maintenant que le vôtre l’a fait ; s’il n’en a pas de copie, prévenez l’exploitant de l’API.',
    },
    links: () => 'Un lien vers la nouvelle clé que vous auriez encore ne fonctionne plus.',
  },
  retired: {
    byPolicy: () =>
      'Sa politique ne permettait pas d’autre prolongation, que les clients aient changé de clé ou non.',
    subject: ({ name }) => `L’ancienne clé d’API pour ${name} est maintenant refusée`,
    happened: ({ name, old }) => `L’ancienne clé d’API${old} pour ${name} est désormais refusée.`,
    toDo: {
      'claim-link': ({ fresh }) =>
        `Rien à faire si vos clients ont changé de clé. Donnez la nouvelle${fresh} à tout client qui reçoit désormais la réponse 401 ; si vous ne l’avez pas, demandez-la à l’exploitant de l’API.`,
      'link-to-owner': ({ fresh }) =>
        `Rien à faire si vos clients ont changé de clé. Donnez la nouvelle${fresh} à tout client qui reçoit désormais la réponse 401 ; si vous ne l’avez pas, demandez-la à l’exploitant de l’API.`,
      operator: ({ fresh }) =>
        `Rien à faire si vos clients ont changé de clé. Donnez la nouvelle${fresh} à tout client qui reçoit désormais la réponse 401 ; si vous ne l’avez pas, demandez-la à l’exploitant de l’API.`,
      'secrets-manager': () =>
        'Rien à faire si vos clients ont changé de clé. Un client qui reçoit désormais la réponse 401 doit relire son secret d’AWS Secrets Manager.',
      vault: () =>
        'Rien à faire si vos clients ont changé de clé. Un client qui reçoit désormais la réponse 401 doit relire la clé dans le coffre (Vault).',
      'renewal-key': () =>
        'Rien à faire si vos clients ont changé de clé. Veillez à ce que tout client qui reçoit désormais la réponse 401 aille chercher sa nouvelle clé.',
    },
  },
  emergency: {
    refused: {
      subject: ({ name }) =>
        `URGENCE : la clé d’API pour ${name} est refusée. Passez à la nouvelle maintenant`,
      happened: ({ name, old }) =>
        `La clé d’API${old} pour ${name} a été remplacée en urgence et est déjà refusée.`,
    },
    ending: {
      subject: ({ name, brief }) => `URGENCE : remplacez la clé d’API pour ${name}${brief.by}`,
      happened: ({ name, old, from }) =>
        `La clé d’API${old} pour ${name} a été remplacée en urgence. Elle sera refusée${from}, que vos clients aient changé de clé ou non.`,
    },
    actNow: () => 'Agissez maintenant.',
    worksAgain: () => 'Vos clients sont refusés tant qu’ils n’ont pas la nouvelle clé.',
    tellMore: () =>
      'Si vous savez comment la clé est passée en d’autres mains, ou si vous voyez des requêtes qui ne sont pas les vôtres, prévenez l’exploitant de l’API.',
  },
  deliveryWaiting: {
    first: {
      subject: ({ name }) => `La clé d’API pour ${name} attend : personne ne l’a encore`,
      happened: ({ name, fresh }) =>
        `La clé d’API${fresh} pour ${name} attend : personne ne l’a encore reçue.`,
    },
    next: {
      subject: ({ name }) => `La nouvelle clé d’API pour ${name} attend : personne ne l’a encore`,
      happened: ({ name, fresh }) =>
        `La nouvelle clé d’API${fresh} pour ${name} attend : personne ne l’a encore reçue.`,
    },
    toDo: {
      'claim-link': ({ by }) =>
        `Ouvrez${by} le dernier lien arrivé par e-mail. S’il ne fonctionne plus, demandez-en un autre à l’exploitant de l’API.`,
      'link-to-owner': ({ by }) =>
        `Son lien a été envoyé par e-mail à son propriétaire seul : demandez-lui de l’ouvrir${by}.`,
      operator: ({ by }) =>
        `Demandez-la${by} à l’exploitant de l’API et donnez-la à votre client : l’exploitant peut la récupérer pour vous, une seule fois.`,
      'secrets-manager': () =>
        'Elle n’est pas encore arrivée dans votre secret d’AWS Secrets Manager. C’est à l’exploitant de l’API d’y veiller : adressez-vous à lui maintenant.',
      vault: () =>
        'Elle n’est pas encore arrivée dans le coffre (Vault). C’est à l’exploitant de l’API d’y veiller : adressez-vous à lui maintenant.',
      'renewal-key': ({ by }) =>
        `Votre client n’est pas encore allé la chercher : veillez à ce qu’il le fasse${by}.`,
    },
    oldWaits: ({ old }) =>
      `L’ancienne clé${old} ne sera pas refusée avant que quelqu’un ait reçu la nouvelle.`,
    oldRefused: ({ old }) =>
      `L’ancienne clé${old} est déjà refusée : vos clients fonctionneront de nouveau dès qu’ils auront la nouvelle.`,
    oldEnds: ({ old, from }) =>
      `L’ancienne clé${old} sera refusée${from}, que vous ayez reçu la nouvelle ou non.`,
  },
  receivedElsewhere: {
    subject: ({ name }) => `Était-ce vous ? Quelqu’un a reçu la clé d’API pour ${name}`,
    happened: ({ name, fresh, on }) => `La clé d’API${fresh} pour ${name} a été reçue${on}.`,
    toDo: () =>
      'Si ce n’était ni vous ni quelqu’un que vous en aviez chargé, prévenez maintenant l’exploitant de l’API : un inconnu a la clé. Sinon, il n’y a rien à faire.',
    howFast: () =>
      'L’exploitant de l’API peut remplacer la clé en quelques minutes et faire refuser celle-ci aussitôt.',
  },
  webhookDisabled: WEBHOOK_FR,
  claimLink: LINK_FR,

  move: {
    'claim-link': ({ by }) =>
      `Cherchez l’e-mail qui contient le lien vers la nouvelle clé, ouvrez ce lien, et donnez la clé à votre client${by}.`,
    'link-to-owner': ({ by }) =>
      `Le lien vers la nouvelle clé est envoyé par e-mail à son propriétaire seul. Veillez avec lui à ce que votre client ait la clé${by}.`,
    operator: ({ by }) =>
      `Demandez la nouvelle clé à l’exploitant de l’API si vous ne l’avez pas encore, et donnez-la à votre client${by}.`,
    'secrets-manager': ({ by }) =>
      `La nouvelle clé est dans votre secret d’AWS Secrets Manager : rien à faire pour un client qui la lit à chaque requête. Un client qui la garde en mémoire doit relire le secret${by}.`,
    vault: ({ by }) =>
      `La nouvelle clé est dans le coffre (Vault) : rien à faire pour un client qui la lit à chaque requête. Un client qui la garde en mémoire doit la relire${by}.`,
    'renewal-key': ({ by }) =>
      `Votre client va chercher la nouvelle clé de lui-même. Vérifiez${by} qu’il l’a bien fait.`,
  },
  atEnd: {
    planned: () =>
      'Si trop de requêtes arrivent encore avec l’ancienne clé à ce moment, ou si personne n’a reçu la nouvelle, la fin est reportée, aussi souvent que la politique de la clé le permet. Sinon, l’ancienne clé est refusée à partir de ce moment.',
    emergency: () => 'Il n’y a pas de prolongation : à partir de ce moment, l’ancienne clé est refusée.',
  },
  neverHere:
    'Cet e-mail ne contient aucune clé, ni rien qui dise si vous l’avez lu. Personne n’a besoin que vous lui envoyiez votre clé : ne la mettez jamais dans une réponse.',

  labels: {
    key: 'Clé',
    keyId: 'Identifiant',
    owner: 'Propriétaire',
    environment: 'Environnement',
    version: 'Version',
    versionToUse: 'Version à utiliser',
    oldVersion: 'Ancienne version',
    takenBack: 'Version retirée',
    when: 'Date',
    ends: 'Fin prévue de l’ancienne clé',
    reviewed: 'Nouvel examen',
    refusedFrom: 'Ancienne clé refusée',
    reason: 'Motif indiqué',
    extensions: 'Prolongations à ce jour',
    requests: 'Requêtes comptées',
    receivedBy: 'Reçue',
    receivedFrom: 'Depuis l’adresse',
    userAgent: 'Programme',
    refusedAlready: 'dès maintenant',
  },
  environments: { live: 'live', test: 'test' },
  received: {
    issue: 'affichée à sa création',
    claim: 'récupérée par l’exploitant',
    link: 'par son lien',
    placed: 'écrite là où son client la lit',
    renewal: 'obtenue avec la clé enregistrée',
    'first-use': 'utilisée pour la première fois',
  },
  requests: (old, fresh) => `${old} avec l’ancienne clé, ${fresh} avec la nouvelle`,
  stragglers: {
    caption: 'Qui utilise encore l’ancienne clé',
    client: 'Adresse et programme',
    use: 'Usage',
    count: (requests, shown) => `${shown} ${requests < 2 ? 'requête' : 'requêtes'}`,
    last: (moment) => `dernière le ${moment}`,
    nameless: 'programme sans nom',
  },

  footer: {
    why: 'Vous recevez cet e-mail parce que cette clé est la vôtre, ou parce que cette adresse lui a été ajoutée.',
    leave: {
      issued: 'Pas besoin d’e-mails sur les clés nouvellement créées ?',
      reminder: 'Pas besoin de rappels ?',
      extended: 'Pas besoin d’e-mails sur les prolongations ?',
      retired: 'Pas besoin d’e-mails sur les clés arrivées à leur fin ?',
    },
    leaveLink: 'Ne plus les recevoir',
  },
};
