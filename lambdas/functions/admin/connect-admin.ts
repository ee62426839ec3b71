/** What the admin function works with, built from its environment. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient } from '@aws-sdk/client-ses';
import { DynamoAuditChains } from '../../adapters/dynamodb/dynamo-audit-chains.ts';
import { DynamoAuditReader } from '../../adapters/dynamodb/dynamo-audit-reader.ts';
import { DynamoEmergencyRuns } from '../../adapters/dynamodb/dynamo-emergency-runs.ts';
import { DynamoMailBlocks } from '../../adapters/dynamodb/dynamo-mail-blocks.ts';
import { DynamoOutbox } from '../../adapters/dynamodb/dynamo-outbox.ts';
import { DynamoOwnerSettings } from '../../adapters/dynamodb/dynamo-owner-settings.ts';
import { DynamoKeyCounts } from '../../adapters/dynamodb/key-counts.ts';
import { DynamoPepperRecord } from '../../adapters/dynamodb/pepper-record.ts';
import { PublishFunction } from '../../adapters/lambda/publish-function.ts';
import { SecretsManagerPepperSecret } from '../../adapters/secrets-manager/pepper-secret.ts';
import { SesStanding } from '../../adapters/ses/ses-standing.ts';
import { ExecutionOutcomes } from '../../adapters/step-functions/execution-outcomes.ts';
import { MachineExecutions } from '../../adapters/step-functions/machine-executions.ts';
import { StateMachine } from '../../adapters/step-functions/state-machine.ts';
import { StsIdentity } from '../../adapters/sts/sts-identity.ts';
import { connect } from '../deployment.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import { connectWebhooks, type WebhookSettings } from '../webhooks.ts';
import type { AdminDeps } from './actions.ts';
import type { ActorDeps } from './actor.ts';
import type { AuditAdminDeps } from './audit-actions.ts';
import { connectAuditProof } from './connect-audit-proof.ts';
import type { EmergencyAdminDeps } from './emergency-actions.ts';
import type { AdminEnv } from './env.ts';
import type { MailDesk } from './mail-actions.ts';
import type { NoticeAdminDeps } from './notice-actions.ts';
import type { OwnerAdminDeps } from './owner-actions.ts';
import type { PepperAdminDeps } from './pepper-actions.ts';
import type { PublishAdminDeps } from './publish-actions.ts';
import { vaultDesk } from './vault-desk.ts';
import type { WebhookAdminDeps } from './webhook-actions.ts';

const VARIABLES = [
  'TABLE_NAME',
  'SEAL_KEY_ID',
  'ROTATION_MACHINE_ARN',
  'BULK_EMERGENCY_MACHINE_ARN',
  'PEPPER_MACHINE_ARN',
  'PEPPER_SECRET_ID',
  'REVOCATION_BOUND_MS',
  'STARTS_PER_SECOND',
  'AUDIT_BUCKET',
  'AUDIT_KEY_ID',
  'WEBHOOKS',
  'PUBLISH_FUNCTION',
] as const satisfies readonly (keyof AdminEnv)[];

/** Of the 30 seconds that an operator waits at most. */
const STS_MS = 5_000;

/** @param logger of the function */
export function connectAdmin(logger: Logger) {
  const { stepFunctions, documents, notePolicies, ...deployment } = connect(logger);
  const env = readEnvironment(VARIABLES);
  const lambda = readEnvironment(['AWS_REGION', 'AWS_LAMBDA_FUNCTION_NAME']);
  const deps: AdminDeps = {
    ...deployment,
    blocks: new DynamoMailBlocks(documents, env.TABLE_NAME),
    outbox: new DynamoOutbox(documents, env.TABLE_NAME),
    executions: new MachineExecutions(stepFunctions),
    machine: new StateMachine(stepFunctions, env.ROTATION_MACHINE_ARN),
    revocationBoundMs: Number(env.REVOCATION_BOUND_MS),
    startsPerSecond: Number(env.STARTS_PER_SECOND),
    sleep,
    random: Math.random,
    onFailure: (keyId, error) =>
      logger.error('A due rotation could not be started, or a first delivery failed', {
        keyId,
        ...faultOf(error),
      }),
  };

  const emergencyDeps: EmergencyAdminDeps = {
    ...deps,
    runs: new DynamoEmergencyRuns(documents, env.TABLE_NAME),
    counts: new DynamoKeyCounts(documents, env.TABLE_NAME),
    runMachine: new StateMachine(stepFunctions, env.BULK_EMERGENCY_MACHINE_ARN),
  };

  const endpoint = process.env['AWS_ENDPOINT_URL'];
  const actorDeps: ActorDeps = {
    identities: new StsIdentity({
      region: lambda.AWS_REGION,
      account: deps.account,
      ...(endpoint ? { endpoint } : {}),
      timeoutMs: STS_MS,
      clock: deps.clock,
    }),
    functionName: lambda.AWS_LAMBDA_FUNCTION_NAME,
    onUnknown: (cause) => logger.warn('Who asks could not be proven', { cause }),
  };
  const auditDeps: AuditAdminDeps = { ...deps, reader: new DynamoAuditReader(documents, env.TABLE_NAME) };

  const publishDeps: PublishAdminDeps = {
    ...auditDeps,
    publisher: new PublishFunction(new LambdaClient({}), env.PUBLISH_FUNCTION),
  };

  const { mail } = deployment;
  const mailDesk: MailDesk = {
    blocks: deps.blocks,
    chains: new DynamoAuditChains(documents, env.TABLE_NAME),
    clock: deps.clock,
    ...(mail ? { service: { settings: mail, reader: new SesStanding(new SESClient({}), mail) } } : {}),
  };
  const auditProofDeps = connectAuditProof(documents, env, deps.clock);

  const noticeDeps: NoticeAdminDeps = deps;
  const vault = vaultDesk(deployment, logger, env.SEAL_KEY_ID);
  const pepperDeps: PepperAdminDeps = {
    secret: new SecretsManagerPepperSecret(new SecretsManagerClient({}), env.PEPPER_SECRET_ID),
    record: new DynamoPepperRecord(documents, env.TABLE_NAME),
    chains: new DynamoAuditChains(documents, env.TABLE_NAME),
    clock: deps.clock,
    pepperMachine: new StateMachine(stepFunctions, env.PEPPER_MACHINE_ARN),
    outcomes: new ExecutionOutcomes(stepFunctions),
  };
  const ownerDeps: OwnerAdminDeps = { ...deps, owners: new DynamoOwnerSettings(documents, env.TABLE_NAME) };
  const webhookDeps: WebhookAdminDeps = connectWebhooks(
    documents,
    {
      table: env.TABLE_NAME,
      sealKeyId: env.SEAL_KEY_ID,
      settings: JSON.parse(env.WEBHOOKS) as WebhookSettings,
    },
    logger,
  );
  return {
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
  };
}
