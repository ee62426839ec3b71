/** Starts an emergency of many keys, or lets one go on with what is left. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { parseFreeText } from '../../../rules/free-text.ts';
import { isSameAddress, LONGEST_ADDRESS } from '../../../rules/mail-address.ts';
import type { Actor, AuditEntry } from '../domain/audit-event.ts';
import { attemptOf, type EmergencyRun, type RunTarget, runExecutionName } from '../domain/emergency-run.ts';
import { recorded } from '../domain/run-events.ts';
import type { Clock, Executions, MachineStarter } from '../ports/ambient.ts';
import type { EmergencyRuns } from '../ports/emergency-runs.ts';
import { isExecutionOver } from './is-execution-over.ts';
import { parseRotationOrder } from './rotation-request.ts';

export interface OrderDeps {
  readonly runs: EmergencyRuns;
  /** The machine of emergencies of many keys. */
  readonly runMachine: MachineStarter;
  readonly executions: Pick<Executions, 'stateOf'>;
  readonly clock: Clock;
}

export type EmergencyOrder = Pick<EmergencyRun, 'target' | 'reason' | 'immediate' | 'gracePeriod'>;

/** What a key's own order has beside these (whose key, for what purpose) a run decides: here it would be lost. */
const FIELDS: readonly string[] = ['owner', 'all', 'reason', 'immediateInvalidation', 'gracePeriod'];

/** Which keys: `{ owner }`, or `{ all: true }`. */
export function parseRunTarget(input: Readonly<Record<string, unknown>>): Checked<RunTarget> {
  const { owner, all } = input;
  const mend = 'Give either "owner", an owner\'s address, or "all": true.';
  if ((owner === undefined) === (all === undefined)) {
    return refused(`The target is ${owner === undefined ? 'missing' : 'given twice'}.`, mend);
  }
  if (all !== undefined) {
    return all === true
      ? { ok: true, value: { kind: 'all' } }
      : refused(`all '${String(all)}' is not true.`, mend);
  }
  const checked = parseFreeText(owner, 'owner', LONGEST_ADDRESS);
  return checked.ok ? { ok: true, value: { kind: 'owner', owner: checked.value } } : checked;
}

/** By the rules of an emergency of one key, so that none of its rotations is refused for its order. */
export function parseEmergencyOrder(input: Readonly<Record<string, unknown>>): Checked<EmergencyOrder> {
  const { owner: _owner, all: _all, ...request } = input;
  const target = parseRunTarget(input);
  if (!target.ok) return target;
  const unknown = Object.keys(input).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    return refused(`Field '${unknown}' is not known.`, `Known fields: ${FIELDS.join(', ')}.`);
  }
  const order = parseRotationOrder({ ...request, keyId: ANY_KEY, purpose: 'emergency' });
  if (!order.ok) return order;
  const { gracePeriod } = request;
  return {
    ok: true,
    value: {
      target: target.value,
      reason: order.value.reason as string,
      immediate: order.value.immediate,
      ...(typeof gracePeriod === 'string' ? { gracePeriod } : {}),
    },
  };
}

const ANY_KEY = '0'.repeat(12);

/** Ordered again under the same id (an answer was lost on its way), it is the same run. */
export async function startEmergency(
  deps: OrderDeps,
  runId: string,
  order: EmergencyOrder,
  actor: Actor,
): Promise<EmergencyRun | 'another-order'> {
  const startedAtMs = deps.clock();
  const fresh: EmergencyRun = {
    runId,
    ...order,
    startedAtMs,
    orders: [orderOf(actor, startedAtMs)],
    revision: 1,
  };
  const ordered = recorded(fresh, entryOf('emergency.started', fresh, actor));
  if ((await deps.runs.insert(ordered)) === 'inserted') return begin(deps, ordered.run);
  const known = (await deps.runs.find(runId)) as EmergencyRun;
  return sameOrder(known, order) ? begin(deps, known) : 'another-order';
}

/**
 * What failed or was skipped is tried again, what is left is done, and the indexes are gone through once more; what is
 * refused already is not touched. While the run goes on there is nothing to resume.
 */
export async function resumeEmergency(
  deps: OrderDeps,
  runId: string,
  actor: Actor,
): Promise<EmergencyRun | 'unknown-run'> {
  for (;;) {
    const run = await deps.runs.find(runId);
    if (!run) return 'unknown-run';
    // Its start may have been lost: the name starts it once.
    if (await isUnderWay(deps, run)) return begin(deps, run);
    const { end: _end, ...before } = run;
    const resumed: EmergencyRun = {
      ...before,
      orders: [...run.orders, orderOf(actor, deps.clock())],
      revision: run.revision + 1,
    };
    // Of two at once one orders the attempt, and both start it under its one name.
    const ordered = recorded(resumed, entryOf('emergency.resumed', resumed, actor));
    if ((await deps.runs.save(ordered)) === 'saved') return begin(deps, ordered.run);
  }
}

/** Neither reported nor ended otherwise. */
export async function isUnderWay(
  { executions, runMachine, clock }: Pick<OrderDeps, 'executions' | 'runMachine' | 'clock'>,
  run: EmergencyRun,
): Promise<boolean> {
  if (run.end) return false;
  const arn = runMachine.arnOf(runExecutionName(run));
  return !(await isExecutionOver(executions, arn, run.orders.at(-1)?.atMs ?? 0, clock()));
}

const entryOf = (
  action: 'emergency.started' | 'emergency.resumed',
  run: EmergencyRun,
  actor: Actor,
): AuditEntry => ({
  action,
  actor,
  atMs: run.orders.at(-1)?.atMs ?? run.startedAtMs,
  reason: run.reason,
  detail: {
    target: ownerOf(run.target) ?? 'all',
    immediate: run.immediate,
    ...(run.gracePeriod === undefined ? {} : { gracePeriod: run.gracePeriod }),
    attempt: attemptOf(run),
  },
});

const orderOf = ({ principal, via }: Actor, atMs: number) => ({ initiatedBy: principal, via, atMs });

async function begin({ runMachine }: OrderDeps, run: EmergencyRun): Promise<EmergencyRun> {
  await runMachine.start(runExecutionName(run), { runId: run.runId, attempt: attemptOf(run), place: null });
  return run;
}

/** Field by field: a store keeps no order of them. */
const sameOrder = (run: EmergencyRun, { target, reason, immediate, gracePeriod }: EmergencyOrder): boolean =>
  isSameAddress(ownerOf(run.target), ownerOf(target)) &&
  run.reason === reason &&
  run.immediate === immediate &&
  run.gracePeriod === gracePeriod;

const ownerOf = (target: RunTarget): string | undefined =>
  target.kind === 'owner' ? target.owner : undefined;
