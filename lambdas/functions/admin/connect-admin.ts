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
import { DynamoPepperFaults } from '../../adapters/dynamodb/dynamo-pepper-faults.ts';
import { DynamoKeyCounts } from '../../adapters/dynamodb/key-counts.ts';
import { DynamoPepperRecord } from '../../adapters/dynamodb/pepper-record.ts';
import { PublishFunction } from '../../adapters/lambda/publish-function.ts';
import { SecretsManagerPepperSecret } from '../../adapters/secrets-manager/pepper-secret.ts';
import { SesStanding } from '../../adapters/ses/ses-standing.ts';
import { ExecutionOutcomes } from '../../adapters/step-functions/execution-outcomes.ts';
import { MachineExecutions } from '../../adapters/step-functions/machine-executions.ts';
import { StateMachine } from '../../adapters/step-functions/state-machine.ts';
import { StsIdentity } from '../../adapters/sts/sts-identity.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import { PepperFaultMeter } from '../../core/use-cases/pepper-fault-meter.ts';
import { connect } from '../deployment.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import { connectWebhooks, type WebhookSettings } from '../webhooks.ts';
import type { AdminDeps } from './actions.ts';
import type { ActorDeps } from './actor.ts';
import type { AuditAdminDeps } from './audit-actions.ts';
import type { AuditProofDeps } from './audit-proof-actions.ts';
import { connectAuditProof } from './connect-audit-proof.ts';
import type { EmergencyAdminDeps } from './emergency-actions.ts';
import type { AdminEnv } from './env.ts';
import type { MailDesk } from './mail-actions.ts';
import type { OwnerAdminDeps } from './owner-actions.ts';
import type { PepperAdminDeps } from './pepper-actions.ts';
import type { PublishAdminDeps } from './publish-actions.ts';
import { type VaultDesk, vaultDesk } from './vault-desk.ts';
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

/** What the actions work with, by what they are about. */
export interface AdminParts {
  readonly actors: ActorDeps;
  readonly audit: AuditAdminDeps;
  readonly auditProof: AuditProofDeps;
  readonly emergencies: EmergencyAdminDeps;
  readonly keys: AdminDeps;
  readonly mail: MailDesk;
  readonly notePolicies: () => Promise<void>;
  readonly owners: OwnerAdminDeps;
  readonly pepper: PepperAdminDeps;
  readonly pepperFaults: PepperFaultMeter;
  readonly publishing: PublishAdminDeps;
  /** Undefined where no vault is configured. */
  readonly vault: VaultDesk | undefined;
  readonly webhooks: WebhookAdminDeps;
}

/** @param logger of the function */
export function connectAdmin(logger: Logger): AdminParts {
  const { stepFunctions, documents, notePolicies, ...deployment } = connect(logger);
  const env = readEnvironment(VARIABLES);
  const table = env.TABLE_NAME;
  const keys: AdminDeps = {
    ...deployment,
    blocks: new DynamoMailBlocks(documents, table),
    outbox: new DynamoOutbox(documents, table),
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
  const { account, clock, mail } = deployment;
  const chains = new DynamoAuditChains(documents, table);
  const audit: AuditAdminDeps = { ...keys, reader: new DynamoAuditReader(documents, table) };
  return {
    actors: connectActors(account, clock, logger),
    audit,
    auditProof: connectAuditProof(documents, env, clock),
    emergencies: {
      ...keys,
      runs: new DynamoEmergencyRuns(documents, table),
      counts: new DynamoKeyCounts(documents, table),
      runMachine: new StateMachine(stepFunctions, env.BULK_EMERGENCY_MACHINE_ARN),
    },
    keys,
    mail: {
      blocks: keys.blocks,
      chains,
      clock,
      ...(mail ? { service: { settings: mail, reader: new SesStanding(new SESClient({}), mail) } } : {}),
    },
    notePolicies,
    owners: { ...keys, owners: new DynamoOwnerSettings(documents, table) },
    pepper: {
      secret: new SecretsManagerPepperSecret(new SecretsManagerClient({}), env.PEPPER_SECRET_ID),
      record: new DynamoPepperRecord(documents, table),
      chains,
      clock,
      pepperMachine: new StateMachine(stepFunctions, env.PEPPER_MACHINE_ARN),
      outcomes: new ExecutionOutcomes(stepFunctions),
    },
    pepperFaults: new PepperFaultMeter(new DynamoPepperFaults(documents, table), 'admin', 0),
    publishing: { ...audit, publisher: new PublishFunction(new LambdaClient({}), env.PUBLISH_FUNCTION) },
    vault: vaultDesk(deployment, logger, env.SEAL_KEY_ID),
    webhooks: connectWebhooks(
      documents,
      { table, sealKeyId: env.SEAL_KEY_ID, settings: JSON.parse(env.WEBHOOKS) as WebhookSettings },
      logger,
    ),
  };
}

function connectActors(account: string, clock: Clock, logger: Logger): ActorDeps {
  const env = readEnvironment(['AWS_REGION', 'AWS_LAMBDA_FUNCTION_NAME']);
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  return {
    identities: new StsIdentity({
      region: env.AWS_REGION,
      account,
      ...(endpoint ? { endpoint } : {}),
      timeoutMs: STS_MS,
      clock,
    }),
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    onUnknown: (cause) => logger.warn('Who asks could not be proven', { cause }),
  };
}
