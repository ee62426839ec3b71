/** What operators ask about the pepper: which there are, rotate it, drop what nothing needs, how that goes. */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../core/domain/audit-event.ts';
import { isoOrNull } from '../../core/domain/iso-time.ts';
import { PEPPER_CHAIN } from '../../core/domain/pepper-events.ts';
import type { Clock, MachineStarter } from '../../core/ports/ambient.ts';
import type { AuditChains } from '../../core/ports/audit-chains.ts';
import type { ExecutionOutcome, PepperRecord, PepperSecret } from '../../core/ports/pepper-rotation.ts';
import { appendEvent } from '../../core/use-cases/append-event.ts';
import { type PepperPurpose, parsePepperOrder } from '../../core/use-cases/pepper-order.ts';
import { pepperStatus } from '../../core/use-cases/pepper-status.ts';
import { failureFrom } from '../failure.ts';
import type { Answer } from './actions.ts';
import { badExecutionName, badRequest, isExecutionName, success } from './outcomes.ts';

export interface PepperAdminDeps {
  readonly secret: Pick<PepperSecret, 'read'>;
  readonly record: Pick<PepperRecord, 'events' | 'lastCount'>;
  readonly chains: AuditChains;
  readonly clock: Clock;
  readonly pepperMachine: MachineStarter;
  readonly outcomes: { of(executionArn: string): Promise<ExecutionOutcome> };
}

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
  { pepperMachine, chains, clock }: Pick<PepperAdminDeps, 'pepperMachine' | 'chains' | 'clock'>,
  purpose: PepperPurpose,
  { reason }: { readonly reason?: string },
  actor: Actor,
  executionId: string = randomUUID(),
): Answer<'rotate-pepper'> {
  if (!isExecutionName(executionId)) return badExecutionName('executionId', executionId);
  const request = {
    purpose,
    ...(reason === undefined ? {} : { reason }),
    initiatedBy: actor.principal,
  };
  const order = parsePepperOrder(request);
  if (!order.ok) return badRequest(order);
  await appendEvent({ chains }, PEPPER_CHAIN, {
    action: 'pepper.requested',
    actor,
    atMs: clock(),
    ...(order.value.reason ? { reason: order.value.reason } : {}),
    detail: { purpose, executionId },
  });
  const executionArn = await pepperMachine.start(executionId, request);
  return success({ executionId, executionArn, status: 'running', failure: null });
}

export async function run(
  { pepperMachine, outcomes }: Pick<PepperAdminDeps, 'pepperMachine' | 'outcomes'>,
  { executionId }: { readonly executionId: string },
): Answer<'pepper-run'> {
  if (!isExecutionName(executionId)) return badExecutionName('executionId', executionId);
  const executionArn = pepperMachine.arnOf(executionId);
  const { status, error, cause } = await outcomes.of(executionArn);
  const why = status === 'failed' ? failureFrom({ Error: error, Cause: cause }) : null;
  return success({ executionId, executionArn, status, failure: why });
}
