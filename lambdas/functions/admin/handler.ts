/** What operators may do, behind `lambda:InvokeFunction`: they hold neither the table nor the keys to it. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { changesNothing } from '../../../rules/read-only-actions.ts';
import { VaultFault } from '../../adapters/vault/vault-errors.ts';
import type { Actor } from '../../core/domain/audit-event.ts';
import { PlaceMissing, PlaceUnready, SealBroken, WriteContention } from '../../core/domain/errors.ts';
import { pepperFaultMetrics } from '../pepper-fault.ts';
import { list, rotate, rotation, show } from './actions.ts';
import { actorOf, UNSTATED } from './actor.ts';
import { auditEvents } from './audit-actions.ts';
import * as proof from './audit-proof-actions.ts';
import { connectAdmin } from './connect-admin.ts';
import type { AdminRequest, AdminResponse } from './contract.ts';
import { claim, deliver } from './delivery-actions.ts';
import { preview, sweep } from './due-actions.ts';
import * as emergency from './emergency-actions.ts';
import { issue } from './issue-action.ts';
import { mailStatus, unblockMail } from './mail-actions.ts';
import * as notice from './notice-actions.ts';
import { badRequest, brokenSeal, contended, failure, placeUnready, vaultTrouble } from './outcomes.ts';
import { owner, setOwner, setRecipients } from './owner-actions.ts';
import * as pepper from './pepper-actions.ts';
import { publishEvents } from './publish-actions.ts';
import { exempt, rollback, setStatus, unexempt } from './reasoned-actions.ts';
import { approveRenewal, rejectRenewal, removeRenewal, renewal } from './renewal-actions.ts';
import { reportKeys } from './report-actions.ts';
import { rotations } from './rotation-actions.ts';
import { backUpVault, restoreVault, vaultStatus } from './vault-actions.ts';
import * as webhook from './webhook-actions.ts';

const logger = new Logger({ serviceName: 'keyturn-admin' });
const {
  actorDeps,
  auditDeps,
  auditProofDeps,
  deps,
  emergencyDeps,
  mailDesk,
  noticeDeps,
  notePolicies,
  ownerDeps,
  pepperDeps,
  publishDeps,
  vault,
  webhookDeps,
} = connectAdmin(logger);

export async function handler(
  request: AdminRequest,
  context: Pick<Context, 'awsRequestId'>,
): Promise<AdminResponse> {
  const requestId = context.awsRequestId;
  try {
    const actor = await actorOf(actorDeps, request, requestId);
    if (actor.ok && !changesNothing(request.action)) await notePolicies();
    const response = actor.ok ? await answer(request, actor.value) : badRequest(actor);
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
    return responseTo(error as Error, requestId);
  }
}

function responseTo(error: Error, requestId: string): AdminResponse {
  const { name, message } = error;
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
      return backUpVault(vault, request.input, actor);
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
      return sweep(deps, actor);
    case 'preview-sweep':
      return preview(deps);
    case 'audit-events':
      return auditEvents(auditDeps, request.input);
    case 'publish-events':
      return publishEvents(publishDeps, request.input);
    case 'audit-digests':
      return proof.auditDigests(auditProofDeps, request.input);
    case 'audit-heads':
      return proof.auditHeads(auditProofDeps, request.input);
    case 'audit-chain-events':
      return proof.auditChainEvents(auditProofDeps, request.input);
    case 'audit-chains-since':
      return proof.auditChainsSince(auditProofDeps, request.input);
    case 'audit-ends':
      return proof.auditEnds(auditProofDeps, request.input);
    case 'report-keys':
      return reportKeys(deps, request.input);
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
    case 'owner':
      return owner(ownerDeps, request.input);
    case 'set-owner':
      return setOwner(ownerDeps, request.input, actor);
    case 'set-recipients':
      return setRecipients(ownerDeps, request.input, actor);
    case 'mail-status':
      return mailStatus(mailDesk);
    case 'unblock-mail':
      return unblockMail(mailDesk, request.input, actor);
    case 'notices':
      return notice.notices(noticeDeps, request.input);
    case 'resend-notices':
      return notice.resend(noticeDeps, request.input);
    case 'pepper':
      return pepper.pepper(pepperDeps);
    case 'rotate-pepper':
      return pepper.start(pepperDeps, 'rotation', request.input, actor, request.executionId);
    case 'clean-pepper':
      return pepper.start(pepperDeps, 'clean-up', request.input, actor, request.executionId);
    case 'pepper-run':
      return pepper.run(pepperDeps, request.input);
    case 'add-webhook':
      return webhook.add(webhookDeps, request.input, actor);
    case 'webhooks':
      return webhook.list(webhookDeps, request.input);
    case 'webhook':
      return webhook.show(webhookDeps, request.input);
    case 'test-webhook':
      return webhook.test(webhookDeps, request.input, actor);
    case 'rotate-webhook-secret':
      return webhook.rotateSecret(webhookDeps, request.input, actor);
    case 'enable-webhook':
      return webhook.setStatus(webhookDeps, 'enabled', request.input, actor, true);
    case 'disable-webhook':
      return webhook.setStatus(webhookDeps, 'disabled', request.input, actor, true);
    case 'remove-webhook':
      return webhook.setStatus(webhookDeps, 'removed', request.input, actor, false);
    default:
      return failure(
        'bad-request',
        `Action '${String((request as { action?: unknown }).action)}' is not known.`,
        'The command and the deployed stack may be of different versions: deploy again.',
      );
  }
}
