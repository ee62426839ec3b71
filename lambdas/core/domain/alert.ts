/** What security is alerted of, made from events on record: the same event makes the same alert. */
import {
  ALERT_RULES,
  type AlertRule,
  type AlertSeverity,
  type AlertWords,
  RUN_WORDS,
} from './alert-rules.ts';
import type { AuditEvent } from './audit-event.ts';
import { iso } from './iso-time.ts';
import type { AlertNotice } from './notice.ts';

/** An alert as its receivers read it. */
export interface AlertFacts extends AlertWords {
  /** Of this alert alone: whoever gets it twice may drop the second. */
  readonly id: string;
  readonly kind: string;
  readonly severity: AlertSeverity;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly keyId?: string;
  readonly owner?: string;
  readonly rotationId?: string;
  readonly runId?: string;
  /** The event on record that it was made from. */
  readonly event: Pick<AuditEvent, 'action' | 'chain' | 'sequence' | 'hash' | 'actor' | 'detail'> &
    Partial<Pick<AuditEvent, 'reason' | 'origin'>>;
}

/** Rotations of an emergency of many keys: it is alerted of itself, and of its keys once by each kind of trouble. */
const RUN_ROTATION = /^run-(.+)-[0-9A-Za-z]{12}-\d+$/;

/** Undefined for what alerts nobody, or was ordered not to. */
export function alertOf(event: AuditEvent): AlertNotice | undefined {
  const rule = ALERT_RULES[event.action];
  if (!rule || rule.when?.(event) === false || event.detail['alertSecurity'] === false) return undefined;
  const runId = RUN_ROTATION.exec(event.rotationId ?? '')?.[1];
  return runId === undefined ? noticeOf(event, rule) : noticeOfRun(event, rule, runId);
}

const noticeOf = (event: AuditEvent, rule: AlertRule): AlertNotice => {
  const { keyId, owner, rotationId, chain, sequence } = event;
  const place = { partition: `${ALERT_PARTITIONS}${chain}`, noticeId: `${sequence}#${rule.kind}#security` };
  const ids = {
    ...(keyId === undefined ? {} : { keyId }),
    ...(owner === undefined ? {} : { owner }),
    ...(rotationId === undefined ? {} : { rotationId }),
  };
  const words = rule.words(event, keyId === undefined ? chain : `key ${keyId}`);
  return alert(event, rule, place, ids, words);
};

/** Whichever of its keys comes first makes it: the others find it there. */
function noticeOfRun(event: AuditEvent, rule: AlertRule, runId: string): AlertNotice | undefined {
  const words = RUN_WORDS[rule.kind]?.(event, runId);
  if (!words) return undefined;
  const place = { partition: `${ALERT_PARTITIONS}run/${runId}`, noticeId: `${runId}#${rule.kind}#security` };
  return alert(event, rule, place, { runId }, { ...words, command: `keyturn emergency --run ${runId}` });
}

/** Apart from keys: who may write an alert may not write a key. */
export const ALERT_PARTITIONS = 'ALERT#';

function alert(
  event: AuditEvent,
  { kind, severity }: AlertRule,
  place: Pick<AlertNotice, 'partition' | 'noticeId'>,
  ids: Pick<AlertFacts, 'keyId' | 'owner' | 'rotationId' | 'runId'>,
  words: AlertWords,
): AlertNotice {
  const { action, chain, sequence, hash, actor, detail, reason, origin } = event;
  const facts: AlertFacts = {
    id: `${place.partition}/${place.noticeId}`,
    kind,
    severity,
    ...words,
    at: iso(event.atMs),
    ...ids,
    event: {
      action,
      chain,
      sequence,
      hash,
      actor,
      ...(reason === undefined ? {} : { reason }),
      ...(origin === undefined ? {} : { origin }),
      detail,
    },
  };
  const { runId: _run, ...known } = ids;
  return {
    channel: 'alert',
    kind,
    recipient: 'security',
    ...place,
    madeAtMs: event.atMs,
    ...known,
    facts: { ...facts },
  };
}
