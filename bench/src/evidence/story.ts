/** A record of any size, an event at a time: keys that are issued, and rotate in turn. */
import type { AuditAction, AuditEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { ReportKey } from '../../../lambdas/core/domain/report/report-key.ts';
import type { Size } from './results.ts';

export const FROM_MS = Date.parse('2026-01-01T00:00:00Z');
const STEP_MS = 300_000;
export const toMsOf = ({ events }: Size): number => FROM_MS + (events + 1) * STEP_MS;

const idOf = (key: number): string => `K${String(key).padStart(11, '0')}`;
const counts = { oldRequests: 40, newRequests: 60 };

const STEPS: readonly (readonly [AuditAction, AuditEvent['detail']])[] = [
  ['rotation.started', { purpose: 'scheduled', fromVersion: 1, immediate: false, graceSeconds: 259_200 }],
  ['version.generated', { version: 2 }],
  ['version.activated', { version: 2, oldVersion: 1, oldVersionIs: 'deprecating' }],
  ['version.claimed', { version: 2, by: 'claim' }],
  ['rotation.reminded', counts],
  ['rotation.reminded', counts],
  ['rotation.judged', { ...counts, evidence: 'migrated', decision: 'retire', extensions: 0 }],
  ['version.retired', { version: 1 }],
];

export function* eventsOf({ events, keys }: Size): Iterable<AuditEvent> {
  for (let index = 0; index < events; index += 1) {
    const turn = Math.floor((index - keys) / STEPS.length);
    if (index < keys) yield event(index, index, 1, ['key.issued', { delivery: 'operator' }], undefined);
    else {
      const step = (index - keys) % STEPS.length;
      const round = Math.floor(turn / keys);
      const sequence = 2 + round * STEPS.length + step;
      yield event(index, turn % keys, sequence, STEPS[step] as (typeof STEPS)[number], `r-${turn}`);
    }
  }
}

function event(
  index: number,
  key: number,
  sequence: number,
  [action, detail]: (typeof STEPS)[number],
  rotationId: string | undefined,
): AuditEvent {
  return {
    action,
    actor: { principal: 'keyturn:rotation', via: `execution/${rotationId}` },
    atMs: FROM_MS + index * STEP_MS,
    ...(rotationId === undefined ? {} : { rotationId }),
    detail,
    chain: `key/${idOf(key)}`,
    keyId: idOf(key),
    owner: `owner-${key}@example.com`,
    sequence,
    outcome: 'success',
    previousHash: '0'.repeat(64),
    hash: index.toString(16).padStart(64, '0'),
  };
}

export const keysOf = ({ keys }: Size): readonly ReportKey[] =>
  Array.from({ length: keys }, (_, key) => ({
    keyId: idOf(key),
    owner: `owner-${key}@example.com`,
    name: `Client ${key}`,
    environment: 'live',
    status: 'enabled',
    policy: 'standard',
    delivery: 'operator',
    createdAt: '2026-01-01T00:00:00.000Z',
    dueAt: '2027-01-01T00:00:00.000Z',
    exemption: null,
    rotation: null,
    versions: [
      {
        version: 2,
        status: 'active',
        activeSince: '2026-06-01T00:00:00.000Z',
        receivedAt: null,
        receivedBy: null,
        firstRefusedAt: null,
      },
    ],
  }));
