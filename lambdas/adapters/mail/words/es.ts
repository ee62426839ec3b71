import type { Words } from '../words.ts';
import { LINK_ES } from './link-es.ts';
import { WEBHOOK_ES } from './webhook-es.ts';

/** Español. */
export const ES: Words = {
  quotes: ['«', '»'],
  version: (version) => ` (versión ${version})`,
  clauses: (moment) =>
    moment === undefined
      ? { on: '', to: '', from: '', by: ' ahora' }
      : {
          on: ` el ${moment}`,
          to: ` al ${moment}`,
          from: ` a partir del ${moment}`,
          by: ` antes del ${moment}`,
        },
  byThen: ' antes de esa fecha',

  issued: {
    subject: ({ name }) => `Nueva clave de API: ${name}`,
    happened: ({ name, fresh }) => `Se creó una clave de API${fresh}: ${name}.`,
    toDo: {
      'claim-link': () =>
        'Busque el correo con su enlace, ábralo antes de la fecha que allí se indica y ponga la clave donde su cliente la lee.',
      'link-to-owner': () =>
        'Su enlace se envió por correo solo a su titular. Pídale la clave y póngala donde su cliente la lee.',
      operator: () => 'Pídala a quien opera la API si aún no la tiene, y póngala donde su cliente la lee.',
      'secrets-manager': () =>
        'Haga que su cliente la lea de su secreto en AWS Secrets Manager. Quien opera la API conoce el nombre del secreto.',
      vault: () => 'Haga que su cliente la lea de Vault. Quien opera la API conoce la ruta.',
      'renewal-key': () =>
        'Haga que su cliente la obtenga con la clave privada cuya parte pública está registrada.',
    },
  },
  rotationStarted: {
    subject: ({ name, brief }) => `Nueva clave de API para ${name}: cambie a ella${brief.by}`,
    happened: ({ name, fresh, old }) =>
      `Se creó una nueva clave de API${fresh} para ${name}. La anterior${old} sigue aceptándose por ahora.`,
  },
  reminder: {
    planned: {
      subject: ({ name, brief }) =>
        `Recordatorio: la clave de API anterior para ${name} dejará de aceptarse${brief.on}`,
      happened: ({ name, old, on }) =>
        `Está previsto que la clave de API anterior${old} para ${name} deje de aceptarse${on}.`,
    },
    emergency: {
      subject: ({ name, brief }) =>
        `Recordatorio urgente: la clave de API anterior para ${name} se rechazará${brief.from}`,
      happened: ({ name, old, from }) =>
        `La clave de API anterior${old} para ${name} se rechazará${from}, hayan cambiado sus clientes de clave o no.`,
    },
    undelivered: ({ fresh }) => `Nadie ha recibido todavía la nueva clave${fresh}.`,
  },
  extended: {
    stragglers: {
      subject: ({ name, brief }) =>
        `La clave de API anterior para ${name} aún se usa: fin aplazado${brief.to}`,
      happened: ({ name, old, to }) =>
        `La clave de API anterior${old} para ${name} aún se usa; por eso su fin se aplazó${to}.`,
    },
    held: {
      subject: ({ name }) => `La clave de API anterior para ${name} aún se usa tras su última prórroga`,
      happened: ({ name, old, on }) =>
        `La clave de API anterior${old} para ${name} aún se usa, tras todas las prórrogas que su política permite. Sigue aceptándose y se revisará de nuevo${on}.`,
    },
    undelivered: {
      subject: ({ name, brief }) =>
        `Nadie tiene aún la nueva clave de API para ${name}: fin de la anterior aplazado${brief.to}`,
      happened: ({ name, fresh, old, to }) =>
        `Nadie ha recibido todavía la nueva clave de API${fresh} para ${name}; por eso el fin de la anterior${old} se aplazó${to}.`,
    },
  },
  rolledBack: {
    subject: ({ name, fresh }) => `La nueva clave de API para ${name} se retiró: use la anterior${fresh}`,
    happened: ({ name, fresh, old }) =>
      `La nueva clave de API${old} para ${name} se retiró y se rechaza. La anterior${fresh} vuelve a ser la válida.`,
    toDo: {
      'claim-link': () =>
        'Si su cliente ya tiene la nueva clave, vuelva a poner la anterior ahora. Si no tiene copia de ella, avise a quien opera la API.',
      'link-to-owner': () =>
        'Si su cliente ya tiene la nueva clave, vuelva a poner la anterior ahora. Si no tiene copia de ella, avise a quien opera la API.',
      operator: () =>
        'Si su cliente ya tiene la nueva clave, vuelva a poner la anterior ahora. Si no tiene copia de ella, avise a quien opera la API.',
      'secrets-manager': () =>
        'Su secreto en AWS Secrets Manager tiene de nuevo la clave anterior: si su cliente la lee en cada solicitud, no hay nada que hacer. Si la guarda en memoria, debe leer de nuevo el secreto ahora.',
      vault: () =>
        'Vault tiene de nuevo la clave anterior: si su cliente la lee en cada solicitud, no hay nada que hacer. Si la guarda en memoria, debe leerla de nuevo ahora.',
      'renewal-key': () =>
        'Un cliente que conservó su clave anterior vuelve a ella por sí solo. Compruebe ahora que el suyo lo ha hecho; si no tiene copia, avise a quien opera la API.',
    },
    links: () => 'Si aún tiene un enlace a la nueva clave, ya no funciona.',
  },
  retired: {
    byPolicy: () => 'Su política no permitía otra prórroga, hubieran cambiado los clientes de clave o no.',
    subject: ({ name }) => `La clave de API anterior para ${name} ya se rechaza`,
    happened: ({ name, old }) => `La clave de API anterior${old} para ${name} se rechaza desde ahora.`,
    toDo: {
      'claim-link': ({ fresh }) =>
        `No hay nada que hacer si sus clientes ya cambiaron de clave. Dé la nueva${fresh} a todo cliente que ahora reciba la respuesta 401; si no la tiene, pídala a quien opera la API.`,
      'link-to-owner': ({ fresh }) =>
        `No hay nada que hacer si sus clientes ya cambiaron de clave. Dé la nueva${fresh} a todo cliente que ahora reciba la respuesta 401; si no la tiene, pídala a quien opera la API.`,
      operator: ({ fresh }) =>
        `No hay nada que hacer si sus clientes ya cambiaron de clave. Dé la nueva${fresh} a todo cliente que ahora reciba la respuesta 401; si no la tiene, pídala a quien opera la API.`,
      'secrets-manager': () =>
        'No hay nada que hacer si sus clientes ya cambiaron de clave. Un cliente que ahora reciba la respuesta 401 debe leer de nuevo su secreto en AWS Secrets Manager.',
      vault: () =>
        'No hay nada que hacer si sus clientes ya cambiaron de clave. Un cliente que ahora reciba la respuesta 401 debe leer de nuevo la clave en Vault.',
      'renewal-key': () =>
        'No hay nada que hacer si sus clientes ya cambiaron de clave. Asegúrese de que todo cliente que ahora reciba la respuesta 401 obtenga su nueva clave.',
    },
  },
  emergency: {
    refused: {
      subject: ({ name }) =>
        `EMERGENCIA: la clave de API para ${name} ya se rechaza. Cambie a la nueva ahora`,
      happened: ({ name, old }) =>
        `La clave de API${old} para ${name} se reemplazó por una emergencia y ya se rechaza.`,
    },
    ending: {
      subject: ({ name, brief }) => `EMERGENCIA: reemplace la clave de API para ${name}${brief.by}`,
      happened: ({ name, old, from }) =>
        `La clave de API${old} para ${name} se reemplazó por una emergencia. Se rechazará${from}, hayan cambiado sus clientes de clave o no.`,
    },
    actNow: () => 'Actúe ahora.',
    worksAgain: () => 'Sus clientes serán rechazados hasta que tengan la nueva clave.',
    tellMore: () =>
      'Si sabe cómo llegó la clave a otras manos, o ve solicitudes que no son suyas, avise a quien opera la API.',
  },
  deliveryWaiting: {
    first: {
      subject: ({ name }) => `La clave de API para ${name} espera: nadie la tiene aún`,
      happened: ({ name, fresh }) =>
        `La clave de API${fresh} para ${name} espera: nadie la ha recibido todavía.`,
    },
    next: {
      subject: ({ name }) => `La nueva clave de API para ${name} espera: nadie la tiene aún`,
      happened: ({ name, fresh }) =>
        `La nueva clave de API${fresh} para ${name} espera: nadie la ha recibido todavía.`,
    },
    toDo: {
      'claim-link': ({ by }) =>
        `Abra${by} el último enlace que llegó por correo. Si ya no funciona, pida otro a quien opera la API.`,
      'link-to-owner': ({ by }) =>
        `Su enlace se envió por correo solo a su titular: pídale que lo abra${by}.`,
      operator: ({ by }) =>
        `Pídala${by} a quien opera la API, que puede recuperarla para usted una sola vez, y póngala en su cliente.`,
      'secrets-manager': () =>
        'Aún no ha llegado a su secreto en AWS Secrets Manager. De eso debe ocuparse quien opera la API: pregúntele ahora.',
      vault: () => 'Aún no ha llegado a Vault. De eso debe ocuparse quien opera la API: pregúntele ahora.',
      'renewal-key': ({ by }) => `Su cliente aún no la ha obtenido: asegúrese de que la obtenga${by}.`,
    },
    oldWaits: ({ old }) =>
      `La clave anterior${old} no se rechazará antes de que alguien haya recibido la nueva.`,
    oldRefused: ({ old }) =>
      `La clave anterior${old} ya se rechaza: sus clientes volverán a funcionar en cuanto tengan la nueva.`,
    oldEnds: ({ old, from }) =>
      `La clave anterior${old} se rechazará${from}, haya recibido usted la nueva o no.`,
  },
  receivedElsewhere: {
    subject: ({ name }) => `¿Fue usted? Alguien ha recibido la clave de API para ${name}`,
    happened: ({ name, fresh, on }) => `La clave de API${fresh} para ${name} se recibió${on}.`,
    toDo: () =>
      'Si no fue usted ni alguien a quien se lo encargó, avise ahora a quien opera la API: un desconocido tiene la clave. De lo contrario, no hay nada que hacer.',
    howFast: () =>
      'Quien opera la API puede reemplazar la clave en pocos minutos y hacer que esta se rechace de inmediato.',
  },
  webhookDisabled: WEBHOOK_ES,
  claimLink: LINK_ES,

  move: {
    'claim-link': ({ by }) =>
      `Busque el correo con el enlace a la nueva clave, abra ese enlace y ponga la clave en su cliente${by}.`,
    'link-to-owner': ({ by }) =>
      `El enlace a la nueva clave se envía por correo solo a su titular. Asegúrese con esa persona de que su cliente tenga la clave${by}.`,
    operator: ({ by }) =>
      `Pida la nueva clave a quien opera la API si aún no la tiene, y póngala en su cliente${by}.`,
    'secrets-manager': ({ by }) =>
      `La nueva clave está en su secreto en AWS Secrets Manager: si su cliente la lee en cada solicitud, no hay nada que hacer. Si la guarda en memoria, debe leer de nuevo el secreto${by}.`,
    vault: ({ by }) =>
      `La nueva clave está en Vault: si su cliente la lee en cada solicitud, no hay nada que hacer. Si la guarda en memoria, debe leerla de nuevo${by}.`,
    'renewal-key': ({ by }) =>
      `Su cliente obtiene la nueva clave por sí solo. Compruebe${by} que lo ha hecho.`,
  },
  atEnd: {
    planned: () =>
      'Si entonces aún llegan demasiadas solicitudes con la clave anterior, o nadie ha recibido la nueva, el fin se aplaza, tantas veces como lo permita la política de la clave. De lo contrario, la clave anterior se rechaza desde ese momento.',
    emergency: () => 'No hay prórroga: desde ese momento la clave anterior se rechaza.',
  },
  neverHere:
    'Este correo no contiene ninguna clave ni nada que diga si lo ha leído. Nadie necesita que usted le envíe su clave: no la ponga nunca en una respuesta.',

  labels: {
    key: 'Clave',
    keyId: 'Identificador',
    owner: 'Titular',
    environment: 'Entorno',
    version: 'Versión',
    versionToUse: 'Versión que debe usar',
    oldVersion: 'Versión anterior',
    takenBack: 'Versión retirada',
    when: 'Fecha',
    ends: 'Fin previsto de la anterior',
    reviewed: 'Nueva revisión',
    refusedFrom: 'Clave anterior rechazada',
    reason: 'Motivo indicado',
    extensions: 'Prórrogas hasta ahora',
    requests: 'Solicitudes contadas',
    receivedBy: 'Recibida',
    receivedFrom: 'Desde la dirección',
    userAgent: 'Programa',
    refusedAlready: 'desde ahora',
  },
  environments: { live: 'live', test: 'test' },
  received: {
    issue: 'mostrada al crearse',
    claim: 'recuperada por quien opera la API',
    link: 'por su enlace',
    placed: 'escrita donde su cliente la lee',
    renewal: 'obtenida con la clave registrada',
    'first-use': 'usada por primera vez',
  },
  requests: (old, fresh) => `${old} con la clave anterior, ${fresh} con la nueva`,
  stragglers: {
    caption: 'Quién usa todavía la clave anterior',
    client: 'Dirección y programa',
    use: 'Uso',
    count: (requests, shown) => `${shown} ${requests === 1 ? 'solicitud' : 'solicitudes'}`,
    last: (moment) => `última el ${moment}`,
    nameless: 'programa sin nombre',
  },

  footer: {
    why: 'Recibe este correo porque la clave es suya, o porque esta dirección se añadió a ella.',
    leave: {
      issued: '¿No necesita correos sobre claves recién creadas?',
      reminder: '¿No necesita recordatorios?',
      extended: '¿No necesita correos sobre prórrogas?',
      retired: '¿No necesita correos sobre claves que ya terminaron?',
    },
    leaveLink: 'Dejar de recibirlos',
  },
};
