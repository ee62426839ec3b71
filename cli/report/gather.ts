/** Reads what a report is made of through the admin function: events page by page, keys many at once. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import { iso } from '../../lambdas/core/domain/iso-time.ts';
import type { Period } from '../../lambdas/core/domain/report/report.ts';
import { ReportBuilder } from '../../lambdas/core/domain/report/report-builder.ts';
import type { ReportKey } from '../../lambdas/core/domain/report/report-key.ts';
import type { Standing } from '../../lambdas/core/domain/report/standing-figures.ts';
import type { ReportKeysPage } from '../../lambdas/functions/admin/report-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import { CliError } from '../exit.ts';

/** As many as an answer holds. */
const EVENTS_A_PAGE = 2_000;
/** Keys that are asked for by name at once. */
const NAMED = 100;
/** Calls at once: the function serves its operators too. */
const AT_ONCE = 8;

/** Handed how many events have been read so far. */
export type Progress = (events: number) => void;

export async function gatherRecord(
  admin: AdminClient,
  period: Period,
  progress: Progress,
): Promise<ReportBuilder> {
  const builder = new ReportBuilder(period);
  let read = 0;
  for await (const events of eventPages(admin, period)) {
    for (const event of events) builder.add(event);
    read += events.length;
    progress(read);
  }
  await learnStarts(admin, builder);
  return builder;
}

async function* eventPages(
  admin: AdminClient,
  { fromMs, toMs }: Period,
): AsyncIterable<readonly AuditEvent[]> {
  const asked = { from: iso(fromMs), to: iso(toMs), limit: EVENTS_A_PAGE };
  let nextToken: string | null | undefined;
  do {
    const page = await admin.call('audit-events', { ...asked, ...(nextToken ? { nextToken } : {}) });
    yield page.events;
    nextToken = page.nextToken;
  } while (nextToken !== null);
}

/** A rotation that was begun before the period is on record with its key. */
export async function learnStarts(admin: AdminClient, builder: ReportBuilder): Promise<void> {
  const unknown = [...builder.unknownStarts()];
  const work = async () => {
    for (let next = unknown.pop(); next; next = unknown.pop()) await learnStart(admin, builder, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function learnStart(
  admin: AdminClient,
  builder: ReportBuilder,
  { keyId, rotationId }: { readonly keyId: string; readonly rotationId: string },
): Promise<void> {
  const found = await admin.call('rotation', { keyId, rotationId }).catch(unlessRefused);
  if (!found) return;
  builder.learn(keyId, rotationId, {
    purpose: found.purpose,
    orderedAtMs: Date.parse(found.startedAt),
    fromVersion: found.fromVersion,
    startedBy: found.initiatedBy,
    ...(found.reason === null ? {} : { reason: found.reason }),
  });
}

/** What is not known any more stays unknown; a function that does not answer is no such thing. */
function unlessRefused(error: unknown): null {
  const known =
    error instanceof CliError && ['unknown-key', 'conflict', 'rotation-refused'].includes(error.code);
  if (known) return null;
  throw error;
}

/** @param touched keys with events in the period: the list is read page by page while keys change, and may miss one */
export async function gatherStanding(
  admin: AdminClient,
  touched: readonly string[],
  now: () => number,
): Promise<Standing> {
  const readFromMs = now();
  const keys = new Map<string, ReportKey>();
  let page: ReportKeysPage;
  let nextToken: string | null = null;
  do {
    page = await admin.call('report-keys', nextToken === null ? {} : { nextToken });
    for (const key of page.keys) keys.set(key.keyId, key);
    nextToken = page.nextToken;
  } while (nextToken !== null);
  const missed = touched.filter((keyId) => !keys.has(keyId));
  for (let at = 0; at < missed.length; at += NAMED) {
    const named = await admin.call('report-keys', { keyIds: missed.slice(at, at + NAMED) });
    for (const key of named.keys) keys.set(key.keyId, key);
  }
  return {
    keys: [...keys.values()],
    rotateEvery: new Map(page.policies.map(({ name, rotateEverySeconds }) => [name, rotateEverySeconds])),
    revocationBoundMs: page.revocationBoundMs,
    readFromMs,
    readToMs: now(),
  };
}
