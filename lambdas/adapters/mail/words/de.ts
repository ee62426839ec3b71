import type { Words } from '../words.ts';
import { LINK_DE } from './link-de.ts';
import { WEBHOOK_DE } from './webhook-de.ts';

/** Deutsch. */
export const DE: Words = {
  quotes: ['„', '“'],
  version: (version) => ` (Version ${version})`,
  clauses: (moment) =>
    moment === undefined
      ? { on: '', to: '', from: '', by: ' jetzt' }
      : { on: ` am ${moment}`, to: ` auf ${moment}`, from: ` ab ${moment}`, by: ` bis ${moment}` },
  byThen: ' bis dahin',

  issued: {
    subject: ({ name }) => `Neuer API-Schlüssel: ${name}`,
    happened: ({ name, fresh }) => `Ein API-Schlüssel${fresh} wurde ausgestellt: ${name}.`,
    toDo: {
      'claim-link': () =>
        'Suchen Sie die E-Mail mit dem Link, öffnen Sie ihn bis zu dem dort genannten Zeitpunkt, und legen Sie den Schlüssel dort ab, wo Ihr Client ihn liest.',
      'link-to-owner': () =>
        'Der Link dazu ging per E-Mail allein an den Inhaber. Erfragen Sie den Schlüssel dort, und legen Sie ihn dort ab, wo Ihr Client ihn liest.',
      operator: () =>
        'Erfragen Sie ihn bei den Betreibern der API, falls Sie ihn noch nicht haben, und legen Sie ihn dort ab, wo Ihr Client ihn liest.',
      'secrets-manager': () =>
        'Lassen Sie Ihren Client ihn aus seinem Secret in AWS Secrets Manager lesen. Den Namen des Secrets kennen die Betreiber der API.',
      vault: () =>
        'Lassen Sie Ihren Client ihn aus dem Vault lesen. Den Pfad dorthin kennen die Betreiber der API.',
      'renewal-key': () =>
        'Lassen Sie Ihren Client ihn mit dem privaten Schlüssel abholen, dessen öffentlicher Teil hinterlegt ist.',
    },
  },
  rotationStarted: {
    subject: ({ name, brief }) => `Neuer API-Schlüssel für ${name}: Bitte wechseln Sie${brief.by}`,
    happened: ({ name, fresh, old }) =>
      `Für ${name} wurde ein neuer API-Schlüssel${fresh} erstellt. Der alte${old} gilt vorerst weiter.`,
  },
  reminder: {
    planned: {
      subject: ({ name, brief }) => `Erinnerung: Der alte API-Schlüssel für ${name} soll${brief.on} enden`,
      happened: ({ name, old, on }) => `Der alte API-Schlüssel${old} für ${name} soll${on} enden.`,
    },
    emergency: {
      subject: ({ name, brief }) =>
        `Dringende Erinnerung: Der alte API-Schlüssel für ${name} wird${brief.from} abgelehnt`,
      happened: ({ name, old, from }) =>
        `Der alte API-Schlüssel${old} für ${name} wird${from} abgelehnt, auch wenn Ihre Clients noch nicht gewechselt haben.`,
    },
    undelivered: ({ fresh }) => `Den neuen Schlüssel${fresh} hat noch niemand erhalten.`,
  },
  extended: {
    stragglers: {
      subject: ({ name, brief }) =>
        `Der alte API-Schlüssel für ${name} ist noch in Gebrauch: Ende${brief.to} verschoben`,
      happened: ({ name, old, to }) =>
        `Der alte API-Schlüssel${old} für ${name} ist noch in Gebrauch. Sein Ende wurde deshalb${to} verschoben.`,
    },
    held: {
      subject: ({ name }) =>
        `Der alte API-Schlüssel für ${name} ist nach der letzten Verlängerung noch in Gebrauch`,
      happened: ({ name, old, on }) =>
        `Der alte API-Schlüssel${old} für ${name} ist noch in Gebrauch, nach allen Verlängerungen, die seine Richtlinie zulässt. Er gilt weiter und wird${on} erneut geprüft.`,
    },
    undelivered: {
      subject: ({ name, brief }) =>
        `Den neuen API-Schlüssel für ${name} hat noch niemand: Ende des alten${brief.to} verschoben`,
      happened: ({ name, fresh, old, to }) =>
        `Den neuen API-Schlüssel${fresh} für ${name} hat noch niemand erhalten. Das Ende des alten${old} wurde deshalb${to} verschoben.`,
    },
  },
  rolledBack: {
    subject: ({ name, fresh }) =>
      `Der neue API-Schlüssel für ${name} wurde zurückgenommen: Es gilt wieder der frühere${fresh}`,
    happened: ({ name, fresh, old }) =>
      `Der neue API-Schlüssel${old} für ${name} wurde zurückgenommen und wird abgelehnt. Es gilt wieder der frühere${fresh}.`,
    toDo: {
      'claim-link': () =>
        'Wenn Ihr Client den neuen Schlüssel schon hat, tragen Sie jetzt wieder den früheren ein. Haben Sie keine Kopie davon, wenden Sie sich an die Betreiber der API.',
      'link-to-owner': () =>
        'Wenn Ihr Client den neuen Schlüssel schon hat, tragen Sie jetzt wieder den früheren ein. Haben Sie keine Kopie davon, wenden Sie sich an die Betreiber der API.',
      operator: () =>
        'Wenn Ihr Client den neuen Schlüssel schon hat, tragen Sie jetzt wieder den früheren ein. Haben Sie keine Kopie davon, wenden Sie sich an die Betreiber der API.',
      'secrets-manager': () =>
        'In Ihrem Secret in AWS Secrets Manager steht wieder der frühere Schlüssel: Für einen Client, der ihn bei jeder Anfrage liest, ist nichts zu tun. Ein Client, der ihn im Speicher behält, muss das Secret jetzt neu lesen.',
      vault: () =>
        'Im Vault steht wieder der frühere Schlüssel: Für einen Client, der ihn bei jeder Anfrage liest, ist nichts zu tun. Ein Client, der ihn im Speicher behält, muss ihn jetzt neu lesen.',
      'renewal-key': () =>
        'Ein Client, der den früheren Schlüssel behalten hat, kehrt von selbst zu ihm zurück. Prüfen Sie das jetzt; hat Ihrer keine Kopie, wenden Sie sich an die Betreiber der API.',
    },
    links: () => 'Ein Link zum neuen Schlüssel, den Sie vielleicht noch haben, gilt nicht mehr.',
  },
  retired: {
    byPolicy: () =>
      'Seine Richtlinie ließ keine weitere Verlängerung zu, ob die Clients gewechselt hatten oder nicht.',
    subject: ({ name }) => `Der alte API-Schlüssel für ${name} wird jetzt abgelehnt`,
    happened: ({ name, old }) => `Der alte API-Schlüssel${old} für ${name} wird ab jetzt abgelehnt.`,
    toDo: {
      'claim-link': ({ fresh }) =>
        `Wenn Ihre Clients gewechselt haben, ist nichts zu tun. Geben Sie jedem Client, der jetzt die Antwort 401 erhält, den neuen Schlüssel${fresh}; fehlt er Ihnen, wenden Sie sich an die Betreiber der API.`,
      'link-to-owner': ({ fresh }) =>
        `Wenn Ihre Clients gewechselt haben, ist nichts zu tun. Geben Sie jedem Client, der jetzt die Antwort 401 erhält, den neuen Schlüssel${fresh}; fehlt er Ihnen, wenden Sie sich an die Betreiber der API.`,
      operator: ({ fresh }) =>
        `Wenn Ihre Clients gewechselt haben, ist nichts zu tun. Geben Sie jedem Client, der jetzt die Antwort 401 erhält, den neuen Schlüssel${fresh}; fehlt er Ihnen, wenden Sie sich an die Betreiber der API.`,
      'secrets-manager': () =>
        'Wenn Ihre Clients gewechselt haben, ist nichts zu tun. Ein Client, der jetzt die Antwort 401 erhält, muss sein Secret in AWS Secrets Manager neu lesen.',
      vault: () =>
        'Wenn Ihre Clients gewechselt haben, ist nichts zu tun. Ein Client, der jetzt die Antwort 401 erhält, muss den Schlüssel im Vault neu lesen.',
      'renewal-key': () =>
        'Wenn Ihre Clients gewechselt haben, ist nichts zu tun. Sorgen Sie dafür, dass jeder Client, der jetzt die Antwort 401 erhält, seinen neuen Schlüssel abholt.',
    },
  },
  emergency: {
    refused: {
      subject: ({ name }) =>
        `NOTFALL: Der API-Schlüssel für ${name} wird abgelehnt. Bitte wechseln Sie jetzt`,
      happened: ({ name, old }) =>
        `Der API-Schlüssel${old} für ${name} wurde in einem Notfall ersetzt und wird bereits abgelehnt.`,
    },
    ending: {
      subject: ({ name, brief }) => `NOTFALL: Bitte wechseln Sie den API-Schlüssel für ${name}${brief.by}`,
      happened: ({ name, old, from }) =>
        `Der API-Schlüssel${old} für ${name} wurde in einem Notfall ersetzt. Er wird${from} abgelehnt, auch wenn Ihre Clients noch nicht gewechselt haben.`,
    },
    actNow: () => 'Handeln Sie jetzt.',
    worksAgain: () => 'Ihre Clients werden abgelehnt, bis sie den neuen Schlüssel haben.',
    tellMore: () =>
      'Wenn Sie wissen, wie der Schlüssel in andere Hände kam, oder Anfragen sehen, die nicht von Ihnen stammen, sagen Sie es den Betreibern der API.',
  },
  deliveryWaiting: {
    first: {
      subject: ({ name }) => `Der API-Schlüssel für ${name} wartet: Noch hat ihn niemand`,
      happened: ({ name, fresh }) =>
        `Der API-Schlüssel${fresh} für ${name} wartet: Noch hat ihn niemand erhalten.`,
    },
    next: {
      subject: ({ name }) => `Der neue API-Schlüssel für ${name} wartet: Noch hat ihn niemand`,
      happened: ({ name, fresh }) =>
        `Der neue API-Schlüssel${fresh} für ${name} wartet: Noch hat ihn niemand erhalten.`,
    },
    toDo: {
      'claim-link': ({ by }) =>
        `Öffnen Sie${by} den neuesten Link, der per E-Mail kam. Gilt er nicht mehr, bitten Sie die Betreiber der API um einen neuen.`,
      'link-to-owner': ({ by }) =>
        `Der Link dazu ging per E-Mail allein an den Inhaber: Bitten Sie darum, dass er${by} geöffnet wird.`,
      operator: ({ by }) =>
        `Erfragen Sie ihn${by} bei den Betreibern der API, und tragen Sie ihn in Ihrem Client ein: Die Betreiber können ihn einmal für Sie abrufen.`,
      'secrets-manager': () =>
        'Er ist noch nicht in Ihrem Secret in AWS Secrets Manager angekommen. Darum müssen sich die Betreiber der API kümmern: Fragen Sie jetzt dort nach.',
      vault: () =>
        'Er ist noch nicht im Vault angekommen. Darum müssen sich die Betreiber der API kümmern: Fragen Sie jetzt dort nach.',
      'renewal-key': ({ by }) =>
        `Ihr Client hat ihn noch nicht abgeholt: Sorgen Sie${by} dafür, dass er es tut.`,
    },
    oldWaits: ({ old }) =>
      `Der alte Schlüssel${old} wird nicht abgelehnt, bevor jemand den neuen erhalten hat.`,
    oldRefused: ({ old }) =>
      `Der alte Schlüssel${old} wird bereits abgelehnt: Ihre Clients arbeiten wieder, sobald sie den neuen haben.`,
    oldEnds: ({ old, from }) =>
      `Der alte Schlüssel${old} wird${from} abgelehnt, auch wenn Sie den neuen noch nicht erhalten haben.`,
  },
  receivedElsewhere: {
    subject: ({ name }) => `Waren Sie das? Jemand hat den API-Schlüssel für ${name} erhalten`,
    happened: ({ name, fresh, on }) =>
      `Der API-Schlüssel${fresh} für ${name} wurde${on} in Empfang genommen.`,
    toDo: () =>
      'Wenn das weder Sie waren noch jemand in Ihrem Auftrag, sagen Sie es jetzt den Betreibern der API: Dann hat jemand Fremdes den Schlüssel. Andernfalls ist nichts zu tun.',
    howFast: () =>
      'Die Betreiber der API können den Schlüssel innerhalb von Minuten ersetzen und diesen sofort ablehnen lassen.',
  },
  webhookDisabled: WEBHOOK_DE,
  claimLink: LINK_DE,

  move: {
    'claim-link': ({ by }) =>
      `Suchen Sie die E-Mail mit dem Link zum neuen Schlüssel, öffnen Sie den Link, und tragen Sie den Schlüssel${by} in Ihrem Client ein.`,
    'link-to-owner': ({ by }) =>
      `Der Link zum neuen Schlüssel geht per E-Mail allein an den Inhaber. Stellen Sie gemeinsam sicher, dass Ihr Client den Schlüssel${by} hat.`,
    operator: ({ by }) =>
      `Erfragen Sie den neuen Schlüssel bei den Betreibern der API, falls Sie ihn noch nicht haben, und tragen Sie ihn${by} in Ihrem Client ein.`,
    'secrets-manager': ({ by }) =>
      `Der neue Schlüssel steht in Ihrem Secret in AWS Secrets Manager: Für einen Client, der ihn bei jeder Anfrage liest, ist nichts zu tun. Ein Client, der ihn im Speicher behält, muss das Secret${by} neu lesen.`,
    vault: ({ by }) =>
      `Der neue Schlüssel steht im Vault: Für einen Client, der ihn bei jeder Anfrage liest, ist nichts zu tun. Ein Client, der ihn im Speicher behält, muss ihn${by} neu lesen.`,
    'renewal-key': ({ by }) =>
      `Ihr Client holt den neuen Schlüssel von selbst ab. Prüfen Sie${by}, ob er es getan hat.`,
  },
  atEnd: {
    planned: () =>
      'Kommen dann noch zu viele Anfragen mit dem alten Schlüssel, oder hat niemand den neuen erhalten, wird das Ende verschoben, so oft die Richtlinie des Schlüssels es zulässt. Andernfalls wird der alte Schlüssel von da an abgelehnt.',
    emergency: () => 'Eine Verlängerung gibt es nicht: Von da an wird der alte Schlüssel abgelehnt.',
  },
  neverHere:
    'Diese E-Mail enthält keinen Schlüssel und nichts, was verrät, ob Sie sie gelesen haben. Niemand muss Ihren Schlüssel von Ihnen bekommen: Schreiben Sie ihn nie in eine Antwort.',

  labels: {
    key: 'Schlüssel',
    keyId: 'Schlüssel-ID',
    owner: 'Inhaber',
    environment: 'Umgebung',
    version: 'Version',
    versionToUse: 'Zu nutzende Version',
    oldVersion: 'Alte Version',
    takenBack: 'Zurückgenommene Version',
    when: 'Zeitpunkt',
    ends: 'Geplantes Ende des alten Schlüssels',
    reviewed: 'Erneute Prüfung',
    refusedFrom: 'Alter Schlüssel abgelehnt ab',
    reason: 'Angegebener Grund',
    extensions: 'Verlängerungen bisher',
    requests: 'Gezählte Anfragen',
    receivedBy: 'Empfangen',
    receivedFrom: 'Von Adresse',
    userAgent: 'Programm',
    refusedAlready: 'sofort',
  },
  environments: { live: 'live', test: 'test' },
  received: {
    issue: 'bei der Ausstellung ausgegeben',
    claim: 'von den Betreibern abgerufen',
    link: 'über den Link',
    placed: 'dort abgelegt, wo der Client ihn liest',
    renewal: 'mit dem hinterlegten Schlüssel abgeholt',
    'first-use': 'zum ersten Mal benutzt',
  },
  requests: (old, fresh) => `${old} mit dem alten Schlüssel, ${fresh} mit dem neuen`,
  stragglers: {
    caption: 'Wer den alten Schlüssel noch benutzt',
    client: 'Adresse und Programm',
    use: 'Nutzung',
    count: (requests, shown) => `${shown} ${requests === 1 ? 'Anfrage' : 'Anfragen'}`,
    last: (moment) => `zuletzt ${moment}`,
    nameless: 'Programm ohne Namen',
  },

  footer: {
    why: 'Sie erhalten diese E-Mail, weil der Schlüssel Ihnen gehört oder weil diese Adresse zu ihm eingetragen wurde.',
    leave: {
      issued: 'Sie brauchen keine E-Mails über neu ausgestellte Schlüssel?',
      reminder: 'Sie brauchen keine Erinnerungen?',
      extended: 'Sie brauchen keine E-Mails über Verlängerungen?',
      retired: 'Sie brauchen keine E-Mails über beendete Schlüssel?',
    },
    leaveLink: 'Diese E-Mails abbestellen',
  },
};
