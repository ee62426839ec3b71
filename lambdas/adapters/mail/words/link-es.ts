import type { LinkWords } from '../link-words.ts';

/** Español. */
export const LINK_ES: LinkWords = {
  first: {
    new: {
      subject: ({ name, by }) => `Su clave de API para ${name} le espera: recójala${by}`,
      happened: ({ name }) => `Se creó una clave de API para usted: ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Recordatorio: recoja su clave de API para ${name}${by}`,
      happened: ({ name }) => `La clave de API para ${name} aún le espera: nadie la ha recogido todavía.`,
    },
  },
  next: {
    new: {
      subject: ({ name, by }) => `Su nueva clave de API para ${name} le espera: recójala${by}`,
      happened: ({ name }) => `Se creó una nueva clave de API para ${name}.`,
    },
    again: {
      subject: ({ name, by }) => `Recordatorio: recoja su nueva clave de API para ${name}${by}`,
      happened: ({ name }) =>
        `La nueva clave de API para ${name} aún le espera: nadie la ha recogido todavía.`,
    },
  },
  toDo: ({ by }) => `Abra el enlace de abajo${by} y ponga la clave donde su cliente la lee.`,
  previous: {
    refused: 'La clave anterior ya se rechaza: su cliente volverá a funcionar en cuanto tenga esta.',
    refusedAt: ({ from }) => `La clave que usa ahora se rechazará${from}, haya recogido usted la nueva o no.`,
    ends: ({ on }) => `Está previsto que la clave que usa ahora deje de aceptarse${on}.`,
  },
  button: 'Recoger la clave',
  otherwise: 'Si el botón no funciona, abra esta dirección:',
  until: 'Enlace válido hasta',
  keyBefore: 'Clave anterior',
  keyInUse: 'Clave en uso',
  standing: {
    refused: 'ya se rechaza',
    refusedAt: ({ from }) => `se rechazará${from}`,
    ends: ({ on }) => `se acepta; fin previsto${on}`,
  },
  once: 'La página muestra la clave una sola vez, a quien la pida primero: no reenvíe este correo.',
  earlierLink: 'Un enlace que haya recibido antes ya no funciona.',
  takenByOther:
    'Si la página dice que la clave ya fue recogida y no fue usted, avise en esa misma página: la clave puede reemplazarse en pocos minutos.',
  another: 'Si el enlace ya no funciona, pida otro a quien opera la API.',
  why: 'Recibe este correo porque la clave es suya.',
};
