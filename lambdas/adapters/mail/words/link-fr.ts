import type { LinkWords } from '../link-words.ts';

/** Français. */
export const LINK_FR: LinkWords = {
  first: {
    new: {
      subject: ({ name, by }) => `Votre clé d’API pour ${name} vous attend : récupérez-la${by}`,
      happened: ({ name }) => `Une clé d’API a été créée pour vous : ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Rappel : récupérez votre clé d’API pour ${name}${by}`,
      happened: ({ name }) =>
        `La clé d’API pour ${name} vous attend toujours : personne ne l’a encore récupérée.`,
    },
  },
  next: {
    new: {
      subject: ({ name, by }) => `Votre nouvelle clé d’API pour ${name} vous attend : récupérez-la${by}`,
      happened: ({ name }) => `Une nouvelle clé d’API a été créée pour ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Rappel : récupérez votre nouvelle clé d’API pour ${name}${by}`,
      happened: ({ name }) =>
        `La nouvelle clé d’API pour ${name} vous attend toujours : personne ne l’a encore récupérée.`,
    },
  },
  toDo: ({ by }) => `Ouvrez le lien ci-dessous${by}, et placez la clé là où votre client la lit.`,
  previous: {
    refused:
      'La clé qui la précède est déjà refusée : votre client fonctionnera de nouveau dès qu’il aura celle-ci.',
    refusedAt: ({ from }) =>
      `La clé que vous utilisez maintenant sera refusée${from}, que vous ayez récupéré la nouvelle ou non.`,
    ends: ({ on }) => `La clé que vous utilisez maintenant doit prendre fin${on}.`,
  },
  button: 'Récupérer la clé',
  otherwise: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
  until: 'Lien valable jusqu’au',
  keyBefore: 'Clé précédente',
  keyInUse: 'Clé actuelle',
  standing: {
    refused: 'déjà refusée',
    refusedAt: ({ from }) => `refusée${from}`,
    ends: ({ on }) => `acceptée, doit prendre fin${on}`,
  },
  once: 'La page montre la clé une seule fois, à la première personne qui la demande : ne transmettez pas cet e-mail.',
  earlierLink: 'Un lien que vous auriez reçu auparavant ne fonctionne plus.',
  takenByOther:
    'Si la page dit que la clé a déjà été récupérée et que ce n’était pas par vous, signalez-le sur cette page : la clé peut être remplacée en quelques minutes.',
  another: 'Si le lien ne fonctionne plus, demandez-en un autre à l’exploitant de l’API.',
  why: 'Vous recevez cet e-mail parce que cette clé est la vôtre.',
};
