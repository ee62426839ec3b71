/** What operators ask about emergencies of many keys: what one would do, start it, go on with it, how it stands. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../core/domain/audit-event.ts';
import { type EmergencyRun, runExecutionName } from '../../core/domain/emergency-run.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import {
  isUnderWay,
  type OrderDeps,
  parseEmergencyOrder,
  parseRunTarget,
  resumeEmergency,
  startEmergency,
} from '../../core/use-cases/order-emergency.ts';
import {
  emergencyVerdict,
  type PreviewDeps,
  previewEmergency,
} from '../../core/use-cases/preview-emergency.ts';
import { summarize } from '../../core/use-cases/report-emergency.ts';
import type { AdminDeps, Answer } from './actions.ts';
import type {
  EmergencyPreviewView,
  EmergencyRequest,
  EmergencyRunView,
  PreviewInput,
} from './emergency-contract.ts';
import { previewedKey, runKeyView, runView } from './emergency-views.ts';
import { badRequest, failure, success, unknownKey } from './outcomes.ts';

export interface EmergencyAdminDeps
  extends Omit<OrderDeps, 'executions'>,
    Omit<PreviewDeps, 'store'>,
    Pick<AdminDeps, 'store' | 'executions' | 'revocationBoundMs'> {}

interface RunInput {
  readonly runId: string;
}

/** Part of the names of executions: with a key's id and the number of an attempt, 80 characters at most. */
const RUN_ID = /^[A-Za-z0-9-]{1,40}$/;
const PREVIEWED = 100;
/** The function ends after 30 seconds. */
const LONGEST_COUNT_MS = 15_000;
const LISTED = 20;

export async function preview(deps: EmergencyAdminDeps, input: PreviewInput): Answer<'preview-emergency'> {
  const { keyId, immediateInvalidation, ...many } = input;
  const immediate = immediateInvalidation === true;
  if (keyId !== undefined) return previewOne(deps, keyId, immediate);
  const target = parseRunTarget(many as Readonly<Record<string, unknown>>);
  if (!target.ok) return badRequest(target);
  const limits = { shown: PREVIEWED, longestMs: LONGEST_COUNT_MS };
  const found = await previewEmergency(deps, target.value, immediate, limits);
  const keys = found.keys.map(({ key, verdict }) => previewedKey(key, verdict));
  return success<EmergencyPreviewView>({ ...found, keys });
}

async function previewOne(
  { store }: EmergencyAdminDeps,
  keyId: string,
  immediate: boolean,
): Answer<'preview-emergency'> {
  const key = isKeyId(keyId) ? await store.find(keyId) : undefined;
  if (!key) return unknownKey(keyId);
  const keys = [previewedKey(key, emergencyVerdict(key, immediate))];
  return success({ keys, enabled: key.status === 'enabled' ? 1 : 0, total: 1, counted: true });
}

export async function start(
  deps: EmergencyAdminDeps,
  input: EmergencyRequest,
  actor: Actor,
  runId: string = randomUUID(),
): Answer<'start-emergency'> {
  if (!isRunId(runId)) {
    return failure(
      'bad-request',
      `runId '${String(runId)}' cannot name executions.`,
      'Give up to 40 letters, digits and hyphens, or leave it out.',
    );
  }
  const order = parseEmergencyOrder({ ...input });
  if (!order.ok) return badRequest(order);
  const run = await startEmergency(deps, runId, order.value, actor);
  if (run !== 'another-order') return success(await viewOf(deps, run));
  return failure(
    'conflict',
    `Emergency ${runId} is on record with another order.`,
    'See it with `keyturn emergency --run`, or start one under an id of its own.',
  );
}

export async function resume(
  deps: EmergencyAdminDeps,
  { runId }: RunInput,
  actor: Actor,
): Answer<'resume-emergency'> {
  if (!isRunId(runId)) return unknownRun(runId);
  const run = await resumeEmergency(deps, runId, actor);
  return run === 'unknown-run' ? unknownRun(runId) : success(await viewOf(deps, run));
}

export async function run(deps: EmergencyAdminDeps, { runId }: RunInput): Answer<'emergency-run'> {
  const found = await findRun(deps, runId);
  return found ? success(await viewOf(deps, found)) : unknownRun(runId);
}

export async function runKeys(
  deps: EmergencyAdminDeps,
  { runId, nextToken }: RunInput & { readonly nextToken?: string },
): Answer<'emergency-run-keys'> {
  const found = await findRun(deps, runId);
  if (!found) return unknownRun(runId);
  const page = await deps.runs.keys(runId, nextToken);
  if (page === 'bad-token') {
    return failure('bad-request', 'nextToken is not one of an emergency.', 'Start again without it.');
  }
  return success({ keys: page.keys.map((key) => runKeyView(found, key)), nextToken: page.nextToken });
}

/** Not counted anew: a run that goes on shows its counts by itself. */
export async function runs(deps: EmergencyAdminDeps): Answer<'emergency-runs'> {
  const latest = await deps.runs.latest(LISTED);
  return success({ runs: await Promise.all(latest.map((each) => viewOf(deps, each, false))) });
}

const isRunId = (runId: unknown): runId is string => typeof runId === 'string' && RUN_ID.test(runId);

const findRun = async (
  { runs: on }: EmergencyAdminDeps,
  runId: unknown,
): Promise<EmergencyRun | undefined> => (isRunId(runId) ? on.find(runId) : undefined);

async function viewOf(deps: EmergencyAdminDeps, of: EmergencyRun, counted = true): Promise<EmergencyRunView> {
  const summary = of.end || !counted ? undefined : await summarize(deps.runs, of.runId, of.startedAtMs);
  return runView(of, {
    underWay: await isUnderWay(deps, of),
    executionArn: deps.runMachine.arnOf(runExecutionName(of)),
    revocationBoundMs: deps.revocationBoundMs,
    ...(summary ? { summary } : {}),
  });
}

const unknownRun = (runId: string) =>
  failure(
    'unknown-run',
    `There is no emergency '${String(runId)}'.`,
    'See the latest with `keyturn emergency --run`.',
  );
