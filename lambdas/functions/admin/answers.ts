/** Which action is answered by what. */
import type { Actor } from '../../core/domain/audit-event.ts';
import { type Answer, list, rotate, rotation, show } from './actions.ts';
import { auditEvents } from './audit-actions.ts';
import * as proof from './audit-proof-actions.ts';
import type { AdminParts } from './connect-admin.ts';
import type { AdminRequest, AdminResponse } from './contract.ts';
import { claim, deliver } from './delivery-actions.ts';
import { dismiss } from './dismiss-actions.ts';
import { preview, sweep } from './due-actions.ts';
import * as emergency from './emergency-actions.ts';
import { issue } from './issue-action.ts';
import { mailStatus, unblockMail } from './mail-actions.ts';
import * as notice from './notice-actions.ts';
import { owner, setOwner, setRecipients } from './owner-actions.ts';
import * as pepper from './pepper-actions.ts';
import { publishEvents } from './publish-actions.ts';
import { exempt, rollback, setStatus, unexempt } from './reasoned-actions.ts';
import { approveRenewal, rejectRenewal, removeRenewal, renewal } from './renewal-actions.ts';
import { reportKeys } from './report-actions.ts';
import { rotations } from './rotation-actions.ts';
import { backUpVault, restoreVault, vaultStatus } from './vault-actions.ts';
import * as webhook from './webhook-actions.ts';

type Action = AdminRequest['action'];

type Answers = {
  readonly [Asked in Action]: (
    admin: AdminParts,
    request: Extract<AdminRequest, { action: Asked }>,
    actor: Actor,
  ) => Answer<Asked>;
};

const ANSWERS: Answers = {
  issue: (admin, { input }, actor) => issue(admin.keys, input, actor),
  list: (admin, { input }) => list(admin.keys, input),
  show: (admin, { input }) => show(admin.keys, input),
  rotate: (admin, { input, rotationId }, actor) => rotate(admin.keys, input, actor, rotationId),
  rotation: (admin, { input }) => rotation(admin.keys, input),
  rotations: (admin, { input }) => rotations(admin.keys, input),
  claim: (admin, { input }, actor) => claim(admin.keys, input, actor),
  deliver: (admin, { input }, actor) => deliver(admin.keys, input, actor),
  renewal: (admin, { input }) => renewal(admin.keys, input),
  'approve-renewal': (admin, { input }, actor) => approveRenewal(admin.keys, input, actor),
  'reject-renewal': (admin, { input }, actor) => rejectRenewal(admin.keys, input, actor),
  'remove-renewal': (admin, { input }, actor) => removeRenewal(admin.keys, input, actor),
  'vault-status': (admin) => vaultStatus(admin.vault),
  'vault-backup': (admin, { input }, actor) => backUpVault(admin.vault, input, actor),
  'vault-restore': (admin, { input }, actor) => restoreVault(admin.vault, input, actor),
  disable: (admin, { input }, actor) => setStatus(admin.keys, 'disabled', input, actor),
  enable: (admin, { input }, actor) => setStatus(admin.keys, 'enabled', input, actor),
  revoke: (admin, { input }, actor) => setStatus(admin.keys, 'revoked', input, actor),
  rollback: (admin, { input }, actor) => rollback(admin.keys, input, actor),
  exempt: (admin, { input }, actor) => exempt(admin.keys, input, actor),
  unexempt: (admin, { input }, actor) => unexempt(admin.keys, input, actor),
  sweep: (admin, _, actor) => sweep(admin.keys, actor),
  'preview-sweep': (admin) => preview(admin.keys),
  'audit-events': (admin, { input }) => auditEvents(admin.audit, input),
  'publish-events': (admin, { input }) => publishEvents(admin.publishing, input),
  'audit-digests': (admin, { input }) => proof.auditDigests(admin.auditProof, input),
  'audit-heads': (admin, { input }) => proof.auditHeads(admin.auditProof, input),
  'audit-chain-events': (admin, { input }) => proof.auditChainEvents(admin.auditProof, input),
  'audit-chains-since': (admin, { input }) => proof.auditChainsSince(admin.auditProof, input),
  'audit-ends': (admin, { input }) => proof.auditEnds(admin.auditProof, input),
  'report-keys': (admin, { input }) => reportKeys(admin.keys, input),
  'preview-emergency': (admin, { input }) => emergency.preview(admin.emergencies, input),
  'start-emergency': (admin, { input, runId }, actor) =>
    emergency.start(admin.emergencies, input, actor, runId),
  'resume-emergency': (admin, { input }, actor) => emergency.resume(admin.emergencies, input, actor),
  'emergency-run': (admin, { input }) => emergency.run(admin.emergencies, input),
  'emergency-run-keys': (admin, { input }) => emergency.runKeys(admin.emergencies, input),
  'emergency-runs': (admin) => emergency.runs(admin.emergencies),
  owner: (admin, { input }) => owner(admin.owners, input),
  'set-owner': (admin, { input }, actor) => setOwner(admin.owners, input, actor),
  'set-recipients': (admin, { input }, actor) => setRecipients(admin.owners, input, actor),
  'mail-status': (admin) => mailStatus(admin.mail),
  'unblock-mail': (admin, { input }, actor) => unblockMail(admin.mail, input, actor),
  notices: (admin, { input }) => notice.notices(admin.keys, input),
  'resend-notices': (admin, { input }) => notice.resend(admin.keys, input),
  'dismiss-notices': (admin, { input }, actor) =>
    dismiss({ ...admin.keys, chains: admin.mail.chains, webhooks: admin.webhooks.webhooks }, input, actor),
  pepper: (admin) => pepper.pepper(admin.pepper),
  'rotate-pepper': (admin, { input, executionId }, actor) =>
    pepper.start(admin.pepper, 'rotation', input, actor, executionId),
  'clean-pepper': (admin, { input, executionId }, actor) =>
    pepper.start(admin.pepper, 'clean-up', input, actor, executionId),
  'pepper-run': (admin, { input }) => pepper.run(admin.pepper, input),
  'add-webhook': (admin, { input }, actor) => webhook.add(admin.webhooks, input, actor),
  webhooks: (admin, { input }) => webhook.list(admin.webhooks, input),
  webhook: (admin, { input }) => webhook.show(admin.webhooks, input),
  'test-webhook': (admin, { input }, actor) => webhook.test(admin.webhooks, input, actor),
  'rotate-webhook-secret': (admin, { input }, actor) => webhook.rotateSecret(admin.webhooks, input, actor),
  'enable-webhook': (admin, { input }, actor) =>
    webhook.setStatus(admin.webhooks, 'enabled', input, actor, true),
  'disable-webhook': (admin, { input }, actor) =>
    webhook.setStatus(admin.webhooks, 'disabled', input, actor, true),
  'remove-webhook': (admin, { input }, actor) =>
    webhook.setStatus(admin.webhooks, 'removed', input, actor, false),
};

/** @returns undefined where no such action is known */
export function answer(
  admin: AdminParts,
  request: AdminRequest,
  actor: Actor,
): Promise<AdminResponse> | undefined {
  if (!isAction(request.action)) return undefined;
  // Each entry takes the request of its own action, as the type of the table has it.
  const asked = ANSWERS[request.action] as (
    admin: AdminParts,
    request: AdminRequest,
    actor: Actor,
  ) => Promise<AdminResponse>;
  return asked(admin, request, actor);
}

/** What comes in may be anything. */
const isAction = (action: unknown): action is Action =>
  typeof action === 'string' && Object.hasOwn(ANSWERS, action);
