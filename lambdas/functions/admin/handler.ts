/** What operators may do, behind `lambda:InvokeFunction`: they hold neither the table nor the keys to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import type { Checked } from '../../../rules/checked.ts';
import { cutText, parseFreeText } from '../../../rules/free-text.ts';
import { DynamoEmergencyRuns } from '../../adapters/dynamodb/dynamo-emergency-runs.ts';
import { DynamoKeyCounts } from '../../adapters/dynamodb/key-counts.ts';
import { DynamoPepperRecord } from '../../adapters/dynamodb/pepper-record.ts';
import { SecretsManagerPepperSecret } from '../../adapters/secrets-manager/pepper-secret.ts';
import { ExecutionOutcomes } from '../../adapters/step-functions/execution-outcomes.ts';
import { MachineExecutions } from '../../adapters/step-functions/machine-executions.ts';
import { StateMachine } from '../../adapters/step-functions/state-machine.ts';
import { VaultFault } from '../../adapters/vault/vault-errors.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { PlaceMissing, PlaceUnready, SealBroken, WriteContention } from '../../core/domain/errors.ts';
import { connect } from '../deployment.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import { pepperFaultMetrics } from '../pepper-fault.ts';
import { type AdminDeps, issue, list, rotate, rotation, show } from './actions.ts';
import type { ActorClaim, AdminRequest, AdminResponse } from './contract.ts';
import { claim, deliver } from './delivery-actions.ts';
import { preview, sweep } from './due-actions.ts';
import * as emergency from './emergency-actions.ts';
import type { AdminEnv } from './env.ts';
import { badRequest, brokenSeal, contended, failure, placeUnready, vaultTrouble } from './outcomes.ts';
import * as pepper from './pepper-actions.ts';
import { exempt, rollback, setStatus, unexempt } from './reasoned-actions.ts';
import { approveRenewal, rejectRenewal, removeRenewal, renewal } from './renewal-actions.ts';
import { rotations } from './rotation-actions.ts';
import { backUpVault, restoreVault, vaultStatus } from './vault-actions.ts';
import { vaultDesk } from './vault-desk.ts';

const logger = new Logger({ serviceName: 'keyturn-admin' });
const { stepFunctions, documents, ...deployment } = connect(logger);
const env = readEnvironment([
  'TABLE_NAME',
  'SEAL_KEY_ID',
  'ROTATION_MACHINE_ARN',
  'BULK_EMERGENCY_MACHINE_ARN',
  'PEPPER_MACHINE_ARN',
  'PEPPER_SECRET_ID',
  'REVOCATION_BOUND_MS',
  'STARTS_PER_SECOND',
] as const satisfies readonly (keyof AdminEnv)[]);
const deps: AdminDeps = {
  ...deployment,
  executions: new MachineExecutions(stepFunctions),
  machine: new StateMachine(stepFunctions, env.ROTATION_MACHINE_ARN),
  revocationBoundMs: Number(env.REVOCATION_BOUND_MS),
  startsPerSecond: Number(env.STARTS_PER_SECOND),
  sleep,
  random: Math.random,
  onFailure: (keyId, error) =>
    logger.error('A due rotation could not be started', { keyId, ...faultOf(error) }),
};

const emergencyDeps: emergency.EmergencyAdminDeps = {
  ...deps,
  runs: new DynamoEmergencyRuns(documents, env.TABLE_NAME),
  counts: new DynamoKeyCounts(documents, env.TABLE_NAME),
  runMachine: new StateMachine(stepFunctions, env.BULK_EMERGENCY_MACHINE_ARN),
};

const vault = vaultDesk(deployment, logger, env.SEAL_KEY_ID);
const pepperDeps: pepper.PepperAdminDeps = {
  secret: new SecretsManagerPepperSecret(new SecretsManagerClient({}), env.PEPPER_SECRET_ID),
  record: new DynamoPepperRecord(documents, env.TABLE_NAME),
  pepperMachine: new StateMachine(stepFunctions, env.PEPPER_MACHINE_ARN),
  outcomes: new ExecutionOutcomes(stepFunctions),
};

const LONGEST_PRINCIPAL = 300;

export async function handler(
  request: AdminRequest,
  context: Pick<Context, 'awsRequestId'>,
): Promise<AdminResponse> {
  const requestId = context.awsRequestId;
  try {
    const actor = actorFrom(request?.actor, requestId);
    const response = actor.ok ? await answer(request, actor.value) : badRequest(actor);
    const outcome = response.ok ? 'done' : response.error.code;
    const principal = actor.ok ? actor.value.principal : UNSTATED;
    logger.info('action', { action: request?.action, outcome, principal, requestId });
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
    if (error instanceof SealBroken) return brokenSeal(message);
    if (error instanceof VaultFault) return vaultTrouble(message);
    if (error instanceof PlaceUnready || error instanceof PlaceMissing) return placeUnready(message);
    if (error instanceof WriteContention) return contended();
    return failure(
      'internal',
      `The action failed (${name}). A change is written whole or not at all.`,
      `See what stands with \`keyturn show\` and try again; the admin function's log has request ${requestId}.`,
    );
  }
}

async function answer(request: AdminRequest, actor: Actor): Promise<AdminResponse> {
  if (typeof request?.input !== 'object' || request.input === null) {
    return failure(
      'bad-request',
      'The request has no input.',
      'Send {"action": "…", "input": {…}}; the `keyturn` command does.',
    );
  }
  switch (request.action) {
    case 'issue':
      return issue(deps, request.input, actor);
    case 'list':
      return list(deps, request.input);
    case 'show':
      return show(deps, request.input);
    case 'rotate':
      return rotate(deps, request.input, actor, request.rotationId);
    case 'rotation':
      return rotation(deps, request.input);
    case 'rotations':
      return rotations(deps, request.input);
    case 'claim':
      return claim(deps, request.input, actor);
    case 'deliver':
      return deliver(deps, request.input, actor);
    case 'renewal':
      return renewal(deps, request.input);
    case 'approve-renewal':
      return approveRenewal(deps, request.input, actor);
    case 'reject-renewal':
      return rejectRenewal(deps, request.input, actor);
    case 'remove-renewal':
      return removeRenewal(deps, request.input, actor);
    case 'vault-status':
      return vaultStatus(vault);
    case 'vault-backup':
      return backUpVault(vault, request.input);
    case 'vault-restore':
      return restoreVault(vault, request.input, actor);
    case 'disable':
      return setStatus(deps, 'disabled', request.input, actor);
    case 'enable':
      return setStatus(deps, 'enabled', request.input, actor);
    case 'revoke':
      return setStatus(deps, 'revoked', request.input, actor);
    case 'rollback':
      return rollback(deps, request.input, actor);
    case 'exempt':
      return exempt(deps, request.input, actor);
    case 'unexempt':
      return unexempt(deps, request.input, actor);
    case 'sweep':
      return sweep(deps);
    case 'preview-sweep':
      return preview(deps);
    case 'preview-emergency':
      return emergency.preview(emergencyDeps, request.input);
    case 'start-emergency':
      return emergency.start(emergencyDeps, request.input, actor, request.runId);
    case 'resume-emergency':
      return emergency.resume(emergencyDeps, request.input, actor);
    case 'emergency-run':
      return emergency.run(emergencyDeps, request.input);
    case 'emergency-run-keys':
      return emergency.runKeys(emergencyDeps, request.input);
    case 'emergency-runs':
      return emergency.runs(emergencyDeps);
    case 'pepper':
      return pepper.pepper(pepperDeps);
    case 'rotate-pepper':
      return pepper.start(pepperDeps, 'rotation', request.input, actor, request.executionId);
    case 'clean-pepper':
      return pepper.start(pepperDeps, 'clean-up', request.input, actor, request.executionId);
    case 'pepper-run':
      return pepper.run(pepperDeps, request.input);
    default:
      return failure(
        'bad-request',
        `Action '${String((request as { action?: unknown }).action)}' is not known.`,
        'The command and the deployed stack may be of different versions: deploy again.',
      );
  }
}

const UNSTATED = 'unstated';

/**
 * Lambda does not tell a function who invoked it: what the tool says is put on record as said. By the rules of all
 * words on record, or the rotations that it starts would be refused for it.
 */
function actorFrom(claim: ActorClaim | undefined, requestId: string): Checked<Actor> {
  const principal = said(claim?.principal, 'actor.principal', UNSTATED);
  if (!principal.ok) return principal;
  const via = said(claim?.via, 'actor.via', 'invoke');
  if (!via.ok) return via;
  return { ok: true, value: { principal: principal.value, via: via.value, requestId } };
}

function said(value: unknown, what: string, unsaid: string): Checked<string> {
  if (typeof value !== 'string' || !value.trim()) return { ok: true, value: unsaid };
  const text = parseFreeText(value, what, value.length);
  return text.ok ? { ok: true, value: cutText(text.value, LONGEST_PRINCIPAL) } : text;
}
