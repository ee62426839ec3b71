/** One function for each thing an operator asks. */
import { randomUUID } from 'node:crypto';
import { KEY_STATUSES, type KeyStatus } from '../../../rules/words.ts';
import type { Actor, AuditEntry } from '../../core/domain/audit-event.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import type { KeyRecord, Rotation } from '../../core/domain/key-record.ts';
import type { ExecutionLooker, Executions, MachineStarter } from '../../core/ports/ambient.ts';
import type { KeyQuery } from '../../core/ports/key-store.ts';
import type { MailBlocks } from '../../core/ports/mail-blocks.ts';
import type { Outbox } from '../../core/ports/notices.ts';
import type { Rotations } from '../../core/ports/rotations.ts';
import type { UseStore } from '../../core/ports/use-store.ts';
import type { StatusDeps } from '../../core/use-cases/change-key-status.ts';
import type { ClaimDeps } from '../../core/use-cases/claim-key.ts';
import { findRotation } from '../../core/use-cases/find-rotation.ts';
import { isOrphaned } from '../../core/use-cases/is-orphaned.ts';
import type { IssueDeps } from '../../core/use-cases/issue-key.ts';
import { noticesOfKey } from '../../core/use-cases/list-notices.ts';
import type { OfferDeps } from '../../core/use-cases/offer-deps.ts';
import { overtakes } from '../../core/use-cases/overtakes.ts';
import { recordOnKey } from '../../core/use-cases/record-on-key.ts';
import { parseRotationOrder, type RotationOrder } from '../../core/use-cases/rotation-request.ts';
import type { SweepDeps } from '../../core/use-cases/sweep-due-keys.ts';
import type { AdminResponse, AdminResults, ListInput } from './contract.ts';
import { standingOf } from './delivery-standing.ts';
import { mailBlocksOf } from './mail-actions.ts';
import { summaryOfNotices } from './notice-views.ts';
import {
  badExecutionName,
  badLimit,
  badRequest,
  badToken,
  disabledKey,
  failure,
  isExecutionName,
  isLimit,
  revokedKey,
  rotationRunning,
  success,
  unknownKey,
} from './outcomes.ts';
import { placeName } from './place-name.ts';
import type { RotationView } from './rotation-contract.ts';
import { type Measured, rotationView, summaryOf, viewOf } from './views.ts';

export interface AdminDeps extends IssueDeps, ClaimDeps, StatusDeps, OfferDeps, Omit<SweepDeps, 'store'> {
  readonly sealer: OfferDeps['sealer'];
  readonly rotations: Rotations;
  readonly uses: UseStore;
  readonly blocks: MailBlocks;
  readonly outbox: Outbox;
  readonly executions: Executions & ExecutionLooker;
  readonly machine: MachineStarter;
  readonly revocationBoundMs: number;
  /** Of AWS: where readers of secrets are. */
  readonly account: string;
  /** Of a sweep. */
  readonly startsPerSecond: number;
}

const MINUTES_SHOWN = 15;

export type Answer<Action extends keyof AdminResults> = Promise<AdminResponse<AdminResults[Action]>>;

export async function list(deps: AdminDeps, input: ListInput): Answer<'list'> {
  const { owner, status, nextToken } = input;
  if (owner !== undefined && typeof owner !== 'string') {
    return failure(
      'bad-request',
      `owner '${String(owner)}' is not text.`,
      'Give the mail address of an owner.',
    );
  }
  const limit = input.limit ?? 50;
  if (!isLimit(limit)) return badLimit(limit);
  const statuses = statusesOf(status);
  if (statuses.length === 0) {
    return failure(
      'bad-request',
      `status '${status}' is not known.`,
      `Choose one of ${KEY_STATUSES.join(', ')}, all.`,
    );
  }
  const query: KeyQuery = {
    limit,
    statuses,
    ...(owner === undefined ? {} : { owner }),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
  const page = await deps.store.list(query);
  if (page === 'bad-token') return badToken();
  return success({ keys: page.records.map(summaryOf), nextToken: page.nextToken });
}

/** None for a word that is no status. */
function statusesOf(asked: ListInput['status']): readonly KeyStatus[] {
  if (asked === 'all') return KEY_STATUSES;
  return KEY_STATUSES.filter((status) => (asked === undefined ? status !== 'revoked' : status === asked));
}

export async function show(deps: AdminDeps, { keyId }: { readonly keyId: string }): Answer<'show'> {
  const record = await findKey(deps, keyId);
  if (!record) return unknownKey(keyId);
  const [totals, measured, standing, place, mail, told] = await Promise.all([
    deps.uses.totals(keyId, 0),
    measure(deps, keyId, record.rotation),
    standingOf(deps, record),
    placeName(deps, record),
    mailBlocksOf(deps, record),
    noticesOfKey(deps.outbox, keyId),
  ]);
  const seen = { ...standing, place: place ?? null, mail, notices: summaryOfNotices(told) };
  return success(viewOf(record, totals, measured, seen, deps.clock()));
}

/** Says at once what the machine would refuse, then starts it; which of two at once wins is decided by the machine. */
export async function rotate(
  deps: AdminDeps,
  input: unknown,
  actor: Actor,
  rotationId: string = randomUUID(),
): Answer<'rotate'> {
  if (!isExecutionName(rotationId)) return badExecutionName('rotationId', rotationId);
  const request = { ...(input as object), initiatedBy: initiatorOf(actor, input) };
  const order = parseRotationOrder(request);
  if (!order.ok) return badRequest(order);
  const { keyId } = order.value;
  const record = await deps.store.find(keyId);
  if (!record) return unknownKey(keyId);
  if (record.status === 'revoked') return revokedKey(keyId);
  if (record.status === 'disabled') return disabledKey(keyId);
  const again = record.rotation?.rotationId === rotationId;
  const free = again || !record.rotation || overtakes(order.value, record.rotation);
  if (record.rotation && !free && !(await isOrphaned(deps.executions, record.rotation, deps.clock()))) {
    return rotationRunning(keyId, await describe(deps, record, record.rotation));
  }
  if (!again) await recordOnKey(deps.store, keyId, requested(order.value, actor, rotationId, deps.clock()));
  const executionArn = await deps.machine.start(rotationId, request);
  return success({ rotationId, executionArn, revocationBoundMs: deps.revocationBoundMs });
}

/** Who has proved to be somebody speaks for nobody else. */
const initiatorOf = ({ principal, proven }: Actor, input: unknown): unknown =>
  proven ? principal : ((input as { readonly initiatedBy?: unknown } | null)?.initiatedBy ?? principal);

/** The machine is told who asks in words that whoever may start it can choose: here it is on record as it was found. */
export const requested = (
  order: Pick<RotationOrder, 'purpose' | 'immediate' | 'reason'>,
  actor: Actor,
  rotationId: string,
  atMs: number,
): AuditEntry => ({
  action: 'rotation.requested',
  actor,
  atMs,
  rotationId,
  ...(order.reason ? { reason: order.reason } : {}),
  detail: { purpose: order.purpose, immediate: order.immediate },
});

export async function rotation(
  deps: AdminDeps,
  { keyId, rotationId }: { readonly keyId: string; readonly rotationId: string },
): Answer<'rotation'> {
  const key = typeof rotationId === 'string' ? await findKey(deps, keyId) : undefined;
  if (!key) return unknownKey(keyId);
  const found = await findRotation(deps.store, key, rotationId);
  if (found) return success(await describe(deps, key, found));
  const { state, cause } = await deps.executions.look(deps.machine.arnOf(rotationId));
  return state === 'ended' ? afterItsExecution(deps, keyId, rotationId, cause) : success(null);
}

/** An execution that is over has begun its rotation by now, or was refused: another was faster, or the key changed. */
async function afterItsExecution(
  deps: AdminDeps,
  keyId: string,
  rotationId: string,
  cause: string | undefined,
): Answer<'rotation'> {
  const key = await findKey(deps, keyId);
  const found = key && (await findRotation(deps.store, key, rotationId));
  if (key && found) return success(await describe(deps, key, found));
  if (key?.rotation) return rotationRunning(keyId, await describe(deps, key, key.rotation));
  if (cause !== undefined) {
    return failure(
      'rotation-refused',
      `The rotation of key '${keyId}' was not begun: ${cause}`,
      'The key is as it was. Mend the cause and start again.',
    );
  }
  return failure(
    'conflict',
    `Execution ${rotationId} is over and has not begun a rotation of key '${keyId}'.`,
    'Its cause in Step Functions says why; see the key with `keyturn show` and start again.',
  );
}

const findKey = async (deps: AdminDeps, keyId: unknown): Promise<KeyRecord | undefined> =>
  isKeyId(keyId) ? deps.store.find(keyId) : undefined;

const describe = async (deps: AdminDeps, key: KeyRecord, of: Rotation): Promise<RotationView> =>
  rotationView(key, of, await measure(deps, key.keyId, of), deps.clock());

/** Use in the window of a running rotation, and in its last minutes. */
async function measure(deps: AdminDeps, keyId: string, of: Rotation | undefined): Promise<Measured> {
  if (!of || of.endedAtMs !== undefined) return { totals: new Map(), minutes: [] };
  const [totals, minutes] = await Promise.all([
    deps.uses.totals(keyId, of.windowBase.sinceMs),
    deps.uses.lastMinutes(keyId, of.startedAtMs, MINUTES_SHOWN),
  ]);
  return { totals, minutes };
}
