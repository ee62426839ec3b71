/** The adapters that the rotation and the admin function share, built from their environment. */
import { randomBytes } from 'node:crypto';
import type { Logger } from '@aws-lambda-powertools/logger';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { PolicyConfig } from '../../rules/policy.ts';
import { resolvePolicies } from '../../rules/resolve-policy.ts';
import { type CachedStage, GatewayCaches } from '../adapters/api-gateway/gateway-caches.ts';
import { documentClient } from '../adapters/dynamodb/document-client.ts';
import { DynamoDueKeys } from '../adapters/dynamodb/due-keys.ts';
import { DynamoKeyStore } from '../adapters/dynamodb/dynamo-key-store.ts';
import { DynamoOwnerSettings } from '../adapters/dynamodb/dynamo-owner-settings.ts';
import { DynamoPolicyLedger } from '../adapters/dynamodb/dynamo-policy-ledger.ts';
import { DynamoRotations } from '../adapters/dynamodb/dynamo-rotations.ts';
import { DynamoUseStore } from '../adapters/dynamodb/dynamo-use-store.ts';
import { secretPeppers } from '../adapters/secrets-manager/secret-peppers.ts';
import { Misconfigured } from '../core/domain/errors.ts';
import { policiesNoted } from '../core/use-cases/note-policies.ts';
import { connectDelivery, type DeliverySettings } from './delivery.ts';
import { readEnvironment } from './environment.ts';
import { logRotationMetrics } from './rotation-metrics.ts';
import { connectSealer } from './sealer.ts';

/** What `lib` must set on both functions. */
export interface DeploymentEnv {
  readonly TABLE_NAME: string;
  readonly PEPPER_SECRET_ID: string;
  readonly SEAL_KEY_ID: string;
  readonly KEY_PREFIX: string;
  /** JSON of the configured policies, by name. */
  readonly POLICIES: string;
  /** JSON of the stages whose authorizer answers API Gateway keeps. */
  readonly CACHED_STAGES: string;
  /** JSON of `DeliverySettings`. */
  readonly DELIVERY: string;
}

export type { CachedStage };

/** @param logger of the function: for alarms wherever they are met, and for the metrics of each change */
export function connect(logger: Logger) {
  const env = readEnvironment([
    'TABLE_NAME',
    'PEPPER_SECRET_ID',
    'SEAL_KEY_ID',
    'KEY_PREFIX',
    'POLICIES',
    'CACHED_STAGES',
    'DELIVERY',
  ] as const satisfies readonly (keyof DeploymentEnv)[]);
  const policies = resolvePolicies(JSON.parse(env.POLICIES) as Record<string, PolicyConfig>);
  if (!policies.ok) throw new Misconfigured(policies.message);
  const documents = documentClient();
  const delivery = JSON.parse(env.DELIVERY) as DeliverySettings;
  const store = new DynamoKeyStore(documents, env.TABLE_NAME, {
    notifies: delivery.mail !== undefined,
    onSaved: (change) => logRotationMetrics(logger, change, Date.now()),
  });
  const clock = Date.now;
  const { AWS_LAMBDA_FUNCTION_NAME: functionName } = readEnvironment(['AWS_LAMBDA_FUNCTION_NAME']);
  return {
    store,
    due: new DynamoDueKeys(documents, env.TABLE_NAME),
    rotations: new DynamoRotations(documents, env.TABLE_NAME),
    uses: new DynamoUseStore(documents, env.TABLE_NAME),
    sealer: connectSealer(env.SEAL_KEY_ID, store, logger),
    peppers: secretPeppers(new SecretsManagerClient({}), env.PEPPER_SECRET_ID, Date.now),
    caches: new GatewayCaches(
      new APIGatewayClient({}),
      new ApiGatewayV2Client({}),
      JSON.parse(env.CACHED_STAGES) as CachedStage[],
    ),
    ...connectDelivery(delivery, new DynamoOwnerSettings(documents, env.TABLE_NAME)),
    documents,
    stepFunctions: new SFNClient({}),
    policies: policies.value,
    notePolicies: policiesNoted({
      ledger: new DynamoPolicyLedger(documents, env.TABLE_NAME),
      policies: policies.value,
      clock,
      functionName,
    }),
    prefix: env.KEY_PREFIX,
    clock,
    randomBytes,
  };
}
