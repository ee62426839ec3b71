/** An event on record as OCSF says it: what happened, to what, by whom, from where. Ids only, as in the event itself. */
import { isIP } from 'node:net';
import type { AuditEvent, AuditOutcome } from '../../core/domain/audit-event.ts';
import {
  ACTIVITIES,
  CLASSES,
  CLASSING,
  type Classing,
  type EntityChange,
  type Finding,
  OCSF_VERSION,
  SEVERITIES,
  type Severity,
} from './ocsf-classes.ts';

export type OcsfEvent = Readonly<Record<string, unknown>> & {
  readonly class_uid: number;
  readonly class_name: string;
  readonly severity_id: number;
};

const STATUS: Readonly<Record<AuditOutcome, { status_id: number; status: string }>> = {
  success: { status_id: 1, status: 'Success' },
  failure: { status_id: 2, status: 'Failure' },
  refused: { status_id: 2, status: 'Failure' },
};

/** Of one class, with its own part, and with what every class has. The hash is its `uid`: whoever knows it has it already. */
export function ocsfEvent(event: AuditEvent): OcsfEvent {
  const classing = CLASSING[event.action];
  const { uid, name, category, categoryName } = CLASSES[classing.is];
  const { activity_id, ...own } = ownPart(event, classing);
  const severity = severityOf(event, classing);
  return {
    class_uid: uid,
    class_name: name,
    category_uid: category,
    category_name: categoryName,
    activity_id,
    type_uid: uid * 100 + activity_id,
    severity_id: SEVERITIES[severity],
    severity,
    time: event.atMs,
    message: messageOf(event),
    metadata: metadataOf(event),
    ...own,
    unmapped: unmappedOf(event),
  };
}

type OwnPart = Readonly<Record<string, unknown>> & { readonly activity_id: number };

function ownPart(event: AuditEvent, classing: Classing): OwnPart {
  switch (classing.is) {
    case 'entityManagement':
      return entityPart(event, classing);
    case 'authentication':
      return attemptPart(event);
    case 'detectionFinding':
      return findingPart(event, classing);
  }
}

/** An emergency is critical whatever the same action is otherwise. */
const severityOf = ({ action, detail }: AuditEvent, { severity }: Classing): Severity =>
  detail['purpose'] === 'emergency' && EMERGENCY.has(action) ? 'Critical' : severity;
const EMERGENCY: ReadonlySet<string> = new Set([
  'rotation.started',
  'version.activated',
  'version.retired',
  'rotation.failed',
]);

const entityPart = (event: AuditEvent, { activity }: EntityChange): OwnPart => ({
  activity_id: ACTIVITIES[activity],
  // What the schema has no word for goes by our own.
  activity_name: activity === 'Other' ? event.action : activity,
  ...STATUS[event.outcome],
  ...(event.reason === undefined ? {} : { comment: event.reason }),
  actor: actorOf(event),
  entity: entityOf(event),
  ...originOf(event),
});

/** Counts and times are of all attempts that one event stands for. */
const attemptPart = (event: AuditEvent): OwnPart => ({
  activity_id: 1,
  activity_name: 'Logon',
  ...STATUS.refused,
  ...(event.reason === undefined ? {} : { status_detail: event.reason }),
  actor: actorOf(event),
  user: userOf(event),
  service: { name: 'Keyturn' },
  auth_protocol_id: 99,
  auth_protocol: 'API key',
  logon_type_id: 3,
  logon_type: 'Network',
  is_remote: true,
  ...timesOf(event),
  ...originOf(event),
});

function timesOf({ detail: { requests, firstAt, lastAt } }: AuditEvent): Readonly<Record<string, unknown>> {
  if (requests === undefined) return {};
  return {
    count: Number(requests),
    start_time: Date.parse(String(firstAt)),
    end_time: Date.parse(String(lastAt)),
  };
}

const findingPart = (event: AuditEvent, { title, mend }: Finding): OwnPart => ({
  activity_id: 1,
  activity_name: 'Create',
  status_id: 1,
  status: 'New',
  is_alert: true,
  confidence_id: 3,
  finding_info: {
    uid: event.hash,
    title,
    desc: messageOf(event),
    types: [event.action],
    created_time: event.atMs,
    analytic: { uid: event.action, name: title, type_id: 1, type: 'Rule' },
  },
  remediation: { desc: mend },
  resources: [resourceOf(event)],
  evidences: [{ actor: actorOf(event), ...originOf(event) }],
});

const metadataOf = (event: AuditEvent) => ({
  version: OCSF_VERSION,
  product: { name: 'Keyturn', vendor_name: 'Keyturn' },
  uid: event.hash,
  event_code: event.action,
  log_name: 'keyturn-audit',
  sequence: event.sequence,
  original_event_uid: `${event.chain}#${event.sequence}`,
  ...(event.rotationId === undefined ? {} : { correlation_uid: event.rotationId }),
});

/** What the schema has no place for. */
const unmappedOf = ({ chain, owner, previousHash, outcome, actor, reason, detail }: AuditEvent) => ({
  chain,
  previousHash,
  outcome,
  ...(owner === undefined ? {} : { owner }),
  // Of an operator: the schema's user is the one that was stated, whether AWS has named it or not.
  ...(actor.proven === undefined ? {} : { actorProven: actor.proven }),
  ...(actor.requestId === undefined ? {} : { requestId: actor.requestId }),
  ...(reason === undefined ? {} : { reason }),
  detail,
});

function actorOf({ actor: { principal, via } }: AuditEvent) {
  const [, , service, , account, name] = /^arn:([^:]*):([^:]*):([^:]*):(\d{12}):(.+)$/.exec(principal) ?? [];
  const isPerson = service === 'iam' || service === 'sts';
  return {
    app_name: via,
    user: {
      uid: principal,
      ...(name === undefined ? {} : { name }),
      type_id: isPerson ? 1 : 3,
      type: isPerson ? 'User' : 'System',
      ...(account === undefined ? {} : { account: { uid: account, type_id: 10, type: 'AWS Account' } }),
    },
  };
}

/** `key/Ab3dEf7hIj9L` is an API key of that id; `pepper` is the one that there is. */
function subjectOf({ chain }: AuditEvent): { readonly uid: string; readonly type: string } {
  const [kind = '', ...rest] = chain.split('/');
  const type = kind === 'key' ? 'API key' : kind.charAt(0).toUpperCase() + kind.slice(1);
  return { uid: rest.length > 0 ? rest.join('/') : kind, type };
}

function entityOf(event: AuditEvent) {
  const version = event.detail['version'];
  return {
    ...subjectOf(event),
    type_id: 99,
    ...(version === undefined ? {} : { version: String(version) }),
  };
}

const resourceOf = (event: AuditEvent) => ({
  ...subjectOf(event),
  role_id: 3,
  role: 'Affected',
  ...(event.owner === undefined ? {} : { owner: { name: event.owner } }),
});

const userOf = (event: AuditEvent) => ({
  uid: subjectOf(event).uid,
  type_id: 4,
  type: 'Service',
  ...(event.owner === undefined ? {} : { display_name: event.owner }),
});

function originOf({ origin: { address, userAgent } = {} }: AuditEvent): Readonly<Record<string, unknown>> {
  const endpoint = address !== undefined && isIP(address) !== 0 ? { ip: address } : { name: address };
  return {
    ...(address === undefined ? {} : { src_endpoint: endpoint }),
    ...(userAgent === undefined ? {} : { http_request: { user_agent: userAgent } }),
  };
}

const messageOf = (event: AuditEvent): string => {
  const { uid, type } = subjectOf(event);
  return `${event.action} of ${type} ${uid}${event.outcome === 'success' ? '' : `: ${event.outcome}`}`;
};
