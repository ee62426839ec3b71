/** What operators may do, behind `lambda:InvokeFunction`: they hold neither the table nor the keys to it. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { changesNothing } from '../../../rules/read-only-actions.ts';
import { VaultFault } from '../../adapters/vault/vault-errors.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import {
  PepperFault,
  PlaceMissing,
  PlaceUnready,
  SealBroken,
  WriteContention,
} from '../../core/domain/errors.ts';
import { pepperFaultMetrics } from '../pepper-fault.ts';
import { actorOf, UNSTATED } from './actor.ts';
import { answer } from './answers.ts';
import { connectAdmin } from './connect-admin.ts';
import type { AdminRequest, AdminResponse } from './contract.ts';
import {
  badRequest,
  brokenSeal,
  contended,
  failure,
  pepperFault,
  placeUnready,
  vaultTrouble,
} from './outcomes.ts';

const logger = new Logger({ serviceName: 'keyturn-admin' });
const admin = connectAdmin(logger);

export async function handler(
  request: AdminRequest,
  context: Pick<Context, 'awsRequestId'>,
): Promise<AdminResponse> {
  const requestId = context.awsRequestId;
  try {
    const actor = await actorOf(admin.actors, request, requestId);
    if (actor.ok && !changesNothing(request.action)) await admin.notePolicies();
    const response = actor.ok ? await respond(request, actor.value) : badRequest(actor);
    const outcome = response.ok ? 'done' : response.error.code;
    const { principal, proven } = actor.ok ? actor.value : { principal: UNSTATED, proven: false };
    logger.info('action', { action: request?.action, outcome, principal, proven, requestId });
    return response;
  } catch (error) {
    const { name, message } = error as Error;
    logger.error('The action failed', {
      action: request?.action,
      fault: name,
      cause: message,
      requestId,
      ...pepperFaultMetrics(error, Date.now()),
    });
    await admin.pepperFaults.note(error, Date.now());
    return responseTo(error as Error, requestId);
  }
}

function responseTo(error: Error, requestId: string): AdminResponse {
  const { name, message } = error;
  if (error instanceof SealBroken) return brokenSeal(message);
  if (error instanceof PepperFault) return pepperFault(message, requestId);
  if (error instanceof VaultFault) return vaultTrouble(message);
  if (error instanceof PlaceUnready || error instanceof PlaceMissing) return placeUnready(message);
  if (error instanceof WriteContention) return contended();
  return failure(
    'internal',
    `The action failed (${name}). A change is written whole or not at all.`,
    `See what stands with \`keyturn show\` and try again; the admin function's log has request ${requestId}.`,
  );
}

async function respond(request: AdminRequest, actor: Actor): Promise<AdminResponse> {
  if (typeof request?.input !== 'object' || request.input === null) {
    return failure(
      'bad-request',
      'The request has no input.',
      'Send {"action": "…", "input": {…}}; the `keyturn` command does.',
    );
  }
  return answer(admin, request, actor) ?? unknownAction(request);
}

const unknownAction = ({ action }: { readonly action?: unknown }): AdminResponse =>
  failure(
    'bad-request',
    `Action '${String(action)}' is not known.`,
    'The command and the deployed stack may be of different versions: deploy again.',
  );
