/** Which class of the Open Cybersecurity Schema Framework (OCSF) each event is: the one table. */
import type { AuditAction } from '../../core/domain/audit-event.ts';

/** Of the schema, https://schema.ocsf.io: receivers of later 1.x versions read it too. */
export const OCSF_VERSION = '1.8.0';

export const CLASSES = {
  entityManagement: {
    uid: 3004,
    name: 'Entity Management',
    category: 3,
    categoryName: 'Identity & Access Management',
  },
  authentication: {
    uid: 3002,
    name: 'Authentication',
    category: 3,
    categoryName: 'Identity & Access Management',
  },
  detectionFinding: { uid: 2004, name: 'Detection Finding', category: 2, categoryName: 'Findings' },
} as const;

/** `activity_id` of Entity Management. */
export const ACTIVITIES = {
  Create: 1,
  Read: 2,
  Update: 3,
  Delete: 4,
  Enroll: 6,
  Unenroll: 7,
  Enable: 8,
  Disable: 9,
  Activate: 10,
  Deactivate: 11,
  Suspend: 12,
  Resume: 13,
  Other: 99,
} as const;
export type Activity = keyof typeof ACTIVITIES;

export const SEVERITIES = { Informational: 1, Low: 2, Medium: 3, High: 4, Critical: 5 } as const;
export type Severity = keyof typeof SEVERITIES;

/** What is done with a key, a pepper or whatever else has a chain. */
export interface EntityChange {
  readonly is: 'entityManagement';
  readonly activity: Activity;
  readonly severity: Severity;
}

/** Somebody who was not let in. */
export interface RefusedAttempt {
  readonly is: 'authentication';
  readonly severity: Severity;
}

/** What smells of an attack, and what to do about it. */
export interface Finding {
  readonly is: 'detectionFinding';
  readonly severity: Severity;
  readonly title: string;
  readonly mend: string;
}

export type Classing = EntityChange | RefusedAttempt | Finding;

const change = (activity: Activity, severity: Severity = 'Informational'): EntityChange => ({
  is: 'entityManagement',
  activity,
  severity,
});
const refused = (severity: Severity): RefusedAttempt => ({ is: 'authentication', severity });
const finding = (severity: Severity, title: string, mend: string): Finding => ({
  is: 'detectionFinding',
  severity,
  title,
  mend,
});

/** An action that is new does not compile without its class. */
export const CLASSING: Readonly<Record<AuditAction, Classing>> = {
  'key.issued': change('Create'),
  'key.disabled': change('Disable', 'Low'),
  'key.enabled': change('Enable', 'Low'),
  'key.revoked': change('Delete', 'Medium'),
  'key.exempted': change('Suspend', 'Low'),
  'key.unexempted': change('Resume'),
  'key.recipients-changed': change('Update', 'Low'),
  'owner.settings-changed': change('Update'),
  'key.backed-up': change('Read'),
  'rotation.requested': change('Other'),
  'rotation.started': change('Update'),
  'rotation.taken-over': change('Update', 'Medium'),
  'version.generated': change('Update'),
  'version.activated': change('Activate'),
  'version.offered': change('Update'),
  'version.not-delivered': change('Update', 'Medium'),
  'version.claimed': change('Read'),
  'version.restored': change('Update', 'Medium'),
  'renewal.proposed': change('Update', 'Low'),
  'renewal.approved': change('Enroll'),
  'renewal.rejected': change('Update', 'Low'),
  'renewal.removed': change('Unenroll', 'Low'),
  'renewal.refused': refused('Medium'),
  'claim.refused': refused('Medium'),
  'notice.bounced': change('Other', 'Medium'),
  'notice.complained': change('Other', 'Medium'),
  'notice.dismissed': change('Other', 'Medium'),
  'mail.unblocked': change('Other', 'Low'),
  'rotation.reminded': change('Update'),
  'rotation.looked': change('Update'),
  'rotation.judged': change('Update'),
  'rotation.postponed': change('Update'),
  'version.retired': change('Deactivate'),
  'rotation.failed': change('Update', 'High'),
  'rotation.rolled-back': change('Update', 'Medium'),
  'rotation.stuck': change('Update', 'High'),
  'security.seal-broken': finding(
    'Critical',
    'A sealed key was altered, moved or swapped',
    'Find out who can write the table, and rotate the key: keyturn emergency <keyId> --reason …',
  ),
  'security.claim-disputed': finding(
    'Critical',
    'A key was taken by somebody else than its owner',
    'Replace the key: keyturn emergency <keyId> --immediate --reason …',
  ),
  'emergency.started': change('Other', 'High'),
  'emergency.resumed': change('Other', 'High'),
  'emergency.ended': change('Other', 'Medium'),
  'emergency.incomplete': change('Other', 'High'),
  'policy.added': change('Create'),
  'policy.changed': change('Update', 'Medium'),
  'policy.removed': change('Delete', 'Medium'),
  'pepper.requested': change('Other'),
  'security.retired-key-used': finding(
    'Critical',
    'A retired key is still used',
    'Somebody holds a secret that was replaced. Find out who, by the addresses: keyturn audit <keyId>',
  ),
  'security.wrong-keys': refused('Medium'),
  'pepper.adding': change('Other'),
  'pepper.added': change('Create', 'Low'),
  'pepper.making-current': change('Other'),
  'pepper.made-current': change('Activate', 'Low'),
  'pepper.dropping': change('Other'),
  'pepper.dropped': change('Delete', 'Low'),
  'pepper.copying': change('Other'),
  'pepper.copied': change('Update', 'Low'),
  'pepper.failed': change('Other', 'High'),
  'pepper.fault': finding(
    'Critical',
    'A pepper that keys need is missing, damaged or cannot be read',
    'keyturn pepper shows which are there; put a lost one back from an earlier value of the secret.',
  ),
  'pepper.fault-counted': change('Other', 'Medium'),
  'audit.chain-broken': finding(
    'Critical',
    'Events on record or a digest of them were altered or deleted',
    'keyturn audit verify names the first broken link; find out who can write the table and the bucket of digests.',
  ),
  'webhook.added': change('Create', 'Low'),
  'webhook.enabled': change('Enable', 'Low'),
  'webhook.disabled': change('Disable', 'Medium'),
  'webhook.removed': change('Delete', 'Low'),
  'webhook.secret-rotated': change('Update', 'Low'),
  'webhook.tested': change('Other'),
};
