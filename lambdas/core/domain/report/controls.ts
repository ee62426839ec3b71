/**
 * Which figures bear on which control, and what they do not show. The controls are described in our own words, by their
 * publishers' numbers. A report is evidence of how API keys were managed; whether a control is met is for an assessor.
 */
import { MINUTE_MS } from '../../../../rules/time-units.ts';
import type { RecordFigures, StandingFigures } from './report.ts';

export interface ControlRow {
  readonly framework: string;
  readonly control: string;
  readonly about: string;
  readonly evidence: readonly string[];
  readonly limit: string;
}

type Figures = { readonly record: RecordFigures; readonly standing: StandingFigures };
type Evidence = (figures: Figures) => string;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
/** `2.0 s`, `75 s`, `1 h 1 min`: minutes are rounded up, since it is said to be the most. */
function atMost(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.ceil(ms / MINUTE_MS);
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount === 0 ? [] : `${amount} ${unit}`)).join(' ');
}

const inventory: Evidence = ({ standing: { counts } }) =>
  `${plural(counts.total, 'key')} on record, each with owner, name, policy and date of issue: ${counts.enabled} enabled, ${counts.disabled} disabled, ${counts.revoked} revoked.`;

const lifeCycle: Evidence = ({ record: { keys } }) =>
  `In the period ${keys.issued} issued, ${keys.disabled} disabled, ${keys.enabled} enabled again, ${keys.revoked} revoked, each with who and when.`;

const periodicChange: Evidence = ({ standing: { policies } }) => {
  const sum = (of: (row: (typeof policies)[number]) => number) =>
    policies.reduce((total, row) => total + of(row), 0);
  const keys = sum((row) => row.keys);
  const late = sum(({ standings }) => standings.overdue + standings.due + standings.rotating);
  const exempt = sum(({ standings }) => standings.exempt);
  const within = sum(({ standings }) => standings.within);
  const unknown = sum(({ standings }) => standings['unknown-policy']);
  const unjudged = unknown > 0 ? `, ${unknown} of a policy that is not deployed` : '';
  return `Of ${plural(keys, 'enabled key')}: ${within} with a version no older than the policy allows, ${late} past that and not exempt, ${exempt} past that and exempt with a stated reason${unjudged}.`;
};

const rotations: Evidence = ({ record }) => {
  const sum = (of: 'completed' | 'failed' | 'rolledBack') =>
    record.rotations.outcomes.reduce((total, row) => total + row[of], 0);
  return `${plural(sum('completed'), 'rotation')} completed, ${sum('failed')} failed, ${sum('rolledBack')} rolled back.`;
};

const compromise: Evidence = ({ record: { emergencies }, standing: { revocationBoundMs } }) => {
  const { rows, atOnce, atSetEnd } = emergencies;
  const slowest = [
    ...(atOnce
      ? [`${plural(atOnce.count, 'old version')} refused at once, after ${atMost(atOnce.slowestMs)} at most`]
      : []),
    ...(atSetEnd
      ? [
          `${plural(atSetEnd.count, 'old version')} refused at a set end, after ${atMost(atSetEnd.slowestMs)} at most`,
        ]
      : []),
  ];
  const times = slowest.length > 0 ? `, from the order to the write that refuses: ${slowest.join('; ')}` : '';
  return `${plural(rows.length, 'emergency rotation')}${times}. As deployed, such a write holds everywhere within ${atMost(revocationBoundMs)}.`;
};

const delivery: Evidence = ({ record: { deliveries }, standing: { receipts } }) => {
  const open = receipts.filter(
    ({ state }) => state === 'not-received' || state === 'retired-unreceived',
  ).length;
  return `${plural(deliveries.versions, 'key version')} made; of ${open} no receipt or use is known. No key is in a mail, a log or this report.`;
};

const incidents: Evidence = ({ record: { security } }) =>
  `${plural(
    security.reduce((sum, { count }) => sum + count, 0),
    'security event',
  )} on record (broken seals, disputed claims, refused renewals and links, use of what is refused).`;

const trail: Evidence = ({ record: { events, actors } }) =>
  `${plural(events.count, 'event')} of ${plural(events.chains, 'chain')}, each chained to the one before it, by ${plural(actors.length, 'actor')}.`;

const row = (
  framework: string,
  control: string,
  about: string,
  limit: string,
  ...evidence: readonly Evidence[]
) => ({ framework, control, about, limit, evidence });

const SOC2 = 'SOC 2 (AICPA TSC 2017, points of focus revised 2022)';
const ISO = 'ISO/IEC 27001:2022, Annex A';
const PCI = 'PCI DSS v4.0.1';
const HIPAA = 'HIPAA Security Rule, 45 CFR 164.308';
const CIS = 'CIS Controls v8';

const CONTROLS: readonly (Omit<ControlRow, 'evidence'> & { readonly evidence: readonly Evidence[] })[] = [
  row(
    SOC2,
    'CC6.1',
    'Logical access security over protected information assets: among others, that credentials of users and systems are managed through their life.',
    'Shows the life of API keys in front of the protected APIs alone: no other access path, no network control, no encryption of data.',
    inventory,
    lifeCycle,
    periodicChange,
    compromise,
  ),
  row(
    ISO,
    'A.5.17 Authentication information',
    'Allocating and managing authentication information follows a managed procedure.',
    'Shows what the process did. That there is a written rule for it, and that people were advised how to handle keys, is not on record here.',
    lifeCycle,
    delivery,
    periodicChange,
    compromise,
  ),
  row(
    ISO,
    'A.8.24 Use of cryptography',
    'Rules for using cryptography, with the management of cryptographic keys.',
    'Bears on it at the edge alone: API keys are authentication secrets, no cryptographic keys. What it shows is that they are replaced and refused as stated. The keys in AWS KMS that seal and sign are managed there.',
    rotations,
    trail,
  ),
  row(
    PCI,
    '8.6.3',
    'Passwords and passphrases of application and system accounts are changed at the frequency that the entity’s targeted risk analysis sets, and when they are suspected or known to be compromised, and are complex enough for that frequency.',
    'Shows frequency and changes. The targeted risk analysis (12.3.1) that sets the frequency is the entity’s. Every secret has 256 random bits by construction.',
    periodicChange,
    rotations,
    compromise,
  ),
  row(
    HIPAA,
    '(a)(1)(ii)(D) Information system activity review',
    'Records of information system activity are reviewed regularly.',
    'This report can be what is reviewed. That somebody reviews it is not on record here.',
    trail,
    incidents,
  ),
  row(
    HIPAA,
    '(a)(3)(ii)(C) Termination procedures',
    'Access ends when the arrangement that it was given for ends.',
    'Shows which keys were disabled or revoked, when and why, not whether each departure led to it.',
    lifeCycle,
  ),
  row(
    HIPAA,
    '(a)(4)(ii)(C) Access establishment and modification',
    'A right of access is established, documented, reviewed and modified.',
    'Shows keys and changes of keys. Who approved a right of access before a key was issued is not on record here.',
    inventory,
    lifeCycle,
  ),
  row(
    HIPAA,
    '(a)(5)(ii)(D) Password management',
    'Passwords are created, changed and safeguarded by procedures.',
    'An API key stands here where a password would. Passwords of people are not managed by Keyturn.',
    periodicChange,
    delivery,
  ),
  row(
    HIPAA,
    '(a)(6)(ii) Response and reporting',
    'Security incidents are identified, responded to, mitigated and documented with their outcome.',
    'Shows the response by key. The assessment of an incident and reporting it are the entity’s.',
    compromise,
    incidents,
  ),
  row(
    CIS,
    '5.5 Establish and Maintain an Inventory of Service Accounts',
    'There is an inventory of service accounts with owner, purpose and date of review, reviewed at least quarterly.',
    'Shows an inventory with owners and names. That it was reviewed is not on record here.',
    inventory,
  ),
  row(
    CIS,
    '6.1 and 6.2 Establish an Access Granting Process, an Access Revoking Process',
    'Access is granted and revoked by a process, accounts being disabled rather than deleted where a record must stay.',
    'Shows that keys were granted and refused, with who and when, not the approvals behind it.',
    lifeCycle,
    compromise,
  ),
  row(
    CIS,
    '8.5 Collect Detailed Audit Logs',
    'Audit logs hold source, date, user, time and addresses where sensitive data is concerned.',
    'Covers changes of keys and security events. Each request with a key is in the API’s own logs.',
    trail,
    incidents,
  ),
];

/** Each control with the figures of this report that bear on it. */
export const controlRows = (record: RecordFigures, standing: StandingFigures): readonly ControlRow[] =>
  CONTROLS.map(({ evidence, ...control }) => ({
    ...control,
    evidence: evidence.map((of) => of({ record, standing })),
  }));
