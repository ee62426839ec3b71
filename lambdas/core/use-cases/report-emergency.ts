/** The last step of an emergency of many keys: counts what became of them, and puts that on record. */
import type { AuditEntry } from '../domain/audit-event.ts';
import {
  attemptOf,
  type EmergencyRun,
  isComplete,
  type RunEnd,
  type RunKey,
  type RunSummary,
  type RunTotals,
  runExecutionName,
  summaryOf,
} from '../domain/emergency-run.ts';
import { StepOutOfOrder } from '../domain/errors.ts';
import { failureText } from '../domain/failure-text.ts';
import { recorded } from '../domain/run-events.ts';
import type { Clock } from '../ports/ambient.ts';
import type { EmergencyRuns } from '../ports/emergency-runs.ts';
import type { RunStep } from './emergency-deps.ts';
import { AGAIN, untilSettled } from './until-settled.ts';

export interface ReportResult extends RunStep {
  readonly next: 'done' | 'incomplete';
  /** In words for who reads the execution. */
  readonly message: string;
}

interface ReportDeps {
  readonly runs: EmergencyRuns;
  readonly clock: Clock;
}

/** `failure`: why its machine came to an end before its time. */
type LastStep = RunStep & { readonly failure?: string };

/** Repeated, it counts again, and puts what has changed on record. An attempt that a later one has followed reports, and puts nothing on record. */
export const reportEmergency = (deps: ReportDeps, step: LastStep): Promise<ReportResult> =>
  untilSettled(
    () => tryReport(deps, step),
    (attempts) => `Emergency ${step.runId} changed ${attempts} times while its end was being written.`,
  );

async function tryReport({ runs, clock }: ReportDeps, step: LastStep): Promise<ReportResult | typeof AGAIN> {
  const { runId, attempt, failure } = step;
  const run = await runs.find(runId);
  if (!run) throw new StepOutOfOrder(`There is no emergency ${runId} on record.`);
  const end: RunEnd = {
    ...(await summarize(runs, runId, run.startedAtMs)),
    atMs: clock(),
    ...(failure === undefined ? {} : { failure: failureText(failure) }),
  };
  const result = resultOf(step, end);
  const isLast = attempt === attemptOf(run);
  if (!isLast || isToldAlready(run, end)) return result;
  const ended = { ...run, end, revision: run.revision + 1 };
  return (await runs.save(recorded(ended, entryOf(ended, end)))) === 'saved' ? result : AGAIN;
}

function resultOf({ runId, attempt, failure }: LastStep, end: RunEnd): ReportResult {
  const { failed, keys, left } = end.totals;
  return {
    runId,
    attempt,
    next: isComplete(end) ? 'done' : 'incomplete',
    message:
      `${failed} of ${keys} keys failed and ${left} are left. ` +
      `See keyturn emergency --run ${runId}, and go on with --resume ${runId}.` +
      (failure === undefined ? '' : ` ${failure}`),
  };
}

const isToldAlready = ({ end }: EmergencyRun, { totals, failure }: RunEnd): boolean =>
  end !== undefined &&
  end.failure === failure &&
  Object.entries(totals).every(([name, count]) => end.totals[name as keyof RunTotals] === count);

const entryOf = (run: EmergencyRun, end: RunEnd): AuditEntry => ({
  action: isComplete(end) ? 'emergency.ended' : 'emergency.incomplete',
  actor: { principal: 'keyturn:emergency', via: `execution/${runExecutionName(run)}` },
  atMs: end.atMs,
  ...(end.failure === undefined ? {} : { reason: end.failure }),
  detail: { ...end.totals, attempt: attemptOf(run) },
});

/** Counts what is on record now. */
export async function summarize(
  runs: Pick<EmergencyRuns, 'keys'>,
  runId: string,
  startedAtMs: number,
): Promise<RunSummary> {
  const keys: RunKey[] = [];
  let nextToken: string | undefined;
  do {
    const page = await runs.keys(runId, nextToken);
    if (page === 'bad-token') throw new StepOutOfOrder(`Emergency ${runId} cannot be read on.`);
    keys.push(...page.keys);
    nextToken = page.nextToken ?? undefined;
  } while (nextToken !== undefined);
  return summaryOf(startedAtMs, keys);
}
