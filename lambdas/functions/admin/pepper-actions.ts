/** What operators ask about the pepper: which there are, rotate it, drop what nothing needs, how that goes. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../core/domain/audit-event.ts';
import type { RotationStarter } from '../../core/ports/ambient.ts';
import type { ExecutionOutcome, PepperRecord, PepperSecret } from '../../core/ports/pepper-rotation.ts';
import { type PepperPurpose, parsePepperOrder } from '../../core/use-cases/pepper-order.ts';
import { pepperStatus } from '../../core/use-cases/pepper-status.ts';
import { failureFrom } from '../failure.ts';
import type { Answer } from './actions.ts';
import { badRequest, failure, success } from './outcomes.ts';

export interface PepperAdminDeps {
  readonly secret: Pick<PepperSecret, 'read'>;
  readonly record: Pick<PepperRecord, 'events' | 'lastCount'>;
  readonly pepperMachine: RotationStarter;
  readonly outcomes: { of(executionArn: string): Promise<ExecutionOutcome> };
}

/** Of a Step Functions execution. */
const EXECUTION_NAME = /^[A-Za-z0-9-]{1,80}$/;

const isoOrNull = (atMs: number | undefined): string | null =>
  atMs === undefined ? null : new Date(atMs).toISOString();

export async function pepper(deps: PepperAdminDeps): Answer<'pepper'> {
  const { peppers, countedAtMs } = await pepperStatus(deps);
  return success({
    peppers: peppers.map(({ madeAtMs, currentSinceMs, neededBy, ...pepper }) => ({
      ...pepper,
      madeAt: isoOrNull(madeAtMs),
      currentSince: isoOrNull(currentSinceMs),
      neededBy: neededBy ?? null,
    })),
    countedAt: isoOrNull(countedAtMs),
  });
}

export async function start(
  { pepperMachine }: Pick<PepperAdminDeps, 'pepperMachine'>,
  purpose: PepperPurpose,
  { reason }: { readonly reason?: string },
  actor: Actor,
  executionId: string = randomUUID(),
): Answer<'rotate-pepper'> {
  if (!isExecutionId(executionId)) return badExecutionId(executionId);
  const request = {
    purpose,
    ...(reason === undefined ? {} : { reason }),
    initiatedBy: actor.principal,
  };
  const order = parsePepperOrder(request);
  if (!order.ok) return badRequest(order);
  const executionArn = await pepperMachine.start(executionId, request);
  return success({ executionId, executionArn, status: 'running', failure: null });
}

export async function run(
  { pepperMachine, outcomes }: Pick<PepperAdminDeps, 'pepperMachine' | 'outcomes'>,
  { executionId }: { readonly executionId: string },
): Answer<'pepper-run'> {
  if (!isExecutionId(executionId)) return badExecutionId(executionId);
  const executionArn = pepperMachine.arnOf(executionId);
  const { status, error, cause } = await outcomes.of(executionArn);
  const why = status === 'failed' ? failureFrom({ Error: error, Cause: cause }) : null;
  return success({ executionId, executionArn, status, failure: why });
}

const isExecutionId = (id: unknown): boolean => typeof id === 'string' && EXECUTION_NAME.test(id);

const badExecutionId = (id: unknown) =>
  failure(
    'bad-request',
    `executionId '${String(id)}' cannot name an execution.`,
    'Give up to 80 letters, digits and hyphens, or leave it out.',
  );
