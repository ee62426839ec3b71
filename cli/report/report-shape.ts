/** The fields of a report's file: what is beside them no check compares, and a reader may take for part of the report. */
import type { SealedReport } from '../../lambdas/core/domain/report/report-hash.ts';
import type { Spread } from '../../lambdas/core/domain/report/spread.ts';

/** Every field of a type, lists by their one kind of items; held to the type by the compiler. */
export type Shape<T> =
  NonNullable<T> extends readonly (infer Item)[]
    ? readonly [Shape<Item>]
    : NonNullable<T> extends object
      ? { readonly [Name in keyof NonNullable<T>]-?: Shape<NonNullable<T>[Name]> }
      : true;

type AnyShape = true | readonly [AnyShape] | { readonly [name: string]: AnyShape };

const COUNTS = [{ of: true, count: true }] as const;
const EVENT = { at: true, chain: true, sequence: true, hash: true } as const;
const SPREAD: Shape<Spread> = { count: true, meanMs: true, medianMs: true, p95Ms: true, slowestMs: true };
const OPEN_DELIVERY = {
  keyId: true,
  owner: true,
  version: true,
  madeAt: true,
  failedTries: true,
  failure: true,
} as const;

const RECORD: Shape<SealedReport['report']['record']> = {
  events: {
    count: true,
    chains: true,
    first: EVENT,
    last: EVENT,
    sha256: true,
    missing: true,
    actions: COUNTS,
  },
  rotations: {
    outcomes: [
      { purpose: true, started: true, completed: true, rolledBack: true, failed: true, running: true },
    ],
    durations: [{ purpose: true, spread: SPREAD }],
    rows: [
      {
        rotationId: true,
        keyId: true,
        owner: true,
        purpose: true,
        outcome: true,
        fromVersion: true,
        toVersion: true,
        startedAt: true,
        endedAt: true,
        durationMs: true,
        extensions: true,
        holds: true,
        evidence: true,
        startedBy: true,
        reason: true,
        failure: true,
        migration: [{ at: true, oldRequests: true, newRequests: true, newShare: true }],
      },
    ],
  },
  emergencies: {
    rows: [
      {
        rotationId: true,
        keyId: true,
        owner: true,
        reason: true,
        oldVersion: true,
        orderedAt: true,
        refusedAt: true,
        refused: true,
        toRefusalMs: true,
        outcome: true,
      },
    ],
    atOnce: SPREAD,
    atSetEnd: SPREAD,
  },
  extensions: { rotations: true, extensions: true, holds: true },
  keys: {
    issued: true,
    disabled: true,
    enabled: true,
    revoked: true,
    exempted: true,
    unexempted: true,
    rows: [{ at: true, keyId: true, owner: true, action: true, by: true, proven: true, reason: true }],
  },
  deliveries: { versions: true, received: COUNTS, failedTries: true, open: [OPEN_DELIVERY] },
  security: [
    {
      action: true,
      chain: true,
      owner: true,
      count: true,
      requests: true,
      firstAt: true,
      lastAt: true,
    },
  ],
  actors: [
    {
      principal: true,
      proven: true,
      via: true,
      events: true,
      unsuccessful: true,
      firstAt: true,
      lastAt: true,
      actions: COUNTS,
    },
  ],
};

const STANDING: Shape<SealedReport['report']['standing']> = {
  readFrom: true,
  readTo: true,
  revocationBoundMs: true,
  counts: { total: true, enabled: true, disabled: true, revoked: true },
  policies: [
    {
      policy: true,
      rotateEverySeconds: true,
      keys: true,
      standings: {
        within: true,
        due: true,
        overdue: true,
        exempt: true,
        rotating: true,
        'unknown-policy': true,
        refused: true,
      },
      oldestSeconds: true,
    },
  ],
  keys: [
    {
      keyId: true,
      owner: true,
      name: true,
      environment: true,
      status: true,
      policy: true,
      rotateEverySeconds: true,
      createdAt: true,
      activeVersion: true,
      activeSince: true,
      ageSeconds: true,
      rotatedAt: true,
      dueAt: true,
      exemptUntil: true,
      exemptReason: true,
      standing: true,
      why: true,
    },
  ],
  receipts: [{ ...OPEN_DELIVERY, state: true, receivedAt: true }],
  firstRefusals: [{ rotationId: true, keyId: true, at: true, afterOrderMs: true, afterRefusalMs: true }],
};

export const REPORT_SHAPE: Shape<SealedReport> = {
  report: {
    format: true,
    period: { from: true, to: true },
    made: { at: true, by: true, version: true, stack: true, place: true },
    record: RECORD,
    standing: STANDING,
    controls: [{ framework: true, control: true, about: true, evidence: [true], limit: true }],
    limits: [true],
    digest: { date: true, sha256: true, signature: true, keyFingerprint: true },
  },
  sha256: true,
};

/** @returns the paths of fields that are no report's, such as `report.record.rotations.rows.3.note` */
export function strangeFields(value: unknown, shape: AnyShape = REPORT_SHAPE, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  // Where one value belongs there is an object, or a list, of whatever it says.
  if (shape === true) return [path];
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  return Object.entries(value).flatMap(([name, field]) => {
    const known = shapeOf(shape, name, Array.isArray(value));
    return known === undefined ? [below(name)] : strangeFields(field, known, below(name));
  });
}

function shapeOf(shape: Exclude<AnyShape, true>, name: string, isItem: boolean): AnyShape | undefined {
  if (Array.isArray(shape)) return isItem ? shape[0] : undefined;
  return !isItem && Object.hasOwn(shape, name) ? (shape as Record<string, AnyShape>)[name] : undefined;
}
