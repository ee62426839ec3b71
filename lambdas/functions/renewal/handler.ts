/** Where clients renew their keys by themselves, and propose public keys to renew with. Anybody can reach it. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { DynamoNonces } from '../../adapters/dynamodb/dynamo-nonces.ts';
import { JoseEncrypter } from '../../adapters/jose/jose-encrypter.ts';
import { challengeSecret } from '../../adapters/secrets-manager/challenge-secret.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';
import { readEnvironment } from '../environment.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { refusalPause } from '../refusal-pause.ts';
import { connectSealer } from '../sealer.ts';
import { FAULT } from './answers.ts';
import type { RenewalEnv } from './env.ts';
import type { RenewalEvent } from './request.ts';
import { type RouteDeps, routed } from './routes.ts';

const logger = new Logger({ serviceName: 'keyturn-renewal' });
const env = readEnvironment([
  'TABLE_NAME',
  'SEAL_KEY_ID',
  'NOTIFIES',
  'CHALLENGE_SECRET_ID',
  'DELIVERY_URL',
] as const satisfies readonly (keyof RenewalEnv)[]);
const documents = documentClient();
const store = new DynamoKeyStore(documents, env.TABLE_NAME, { notifies: env.NOTIFIES === 'true' });
const deps: RouteDeps = {
  store,
  nonces: new DynamoNonces(documents, env.TABLE_NAME),
  sealer: connectSealer(env.SEAL_KEY_ID, store, logger),
  encrypter: new JoseEncrypter(),
  challengeSecret: challengeSecret(new SecretsManagerClient({}), env.CHALLENGE_SECRET_ID, Date.now),
  deliveryUrl: env.DELIVERY_URL,
  clock: Date.now,
  randomBytes,
};

export async function handler(event: RenewalEvent): Promise<HttpAnswer> {
  const untilRefusable = refusalPause();
  const about = { route: event.resource, requestId: event.requestContext.requestId };
  try {
    const { answer, metric, ...facts } = await routed(deps, event);
    const counted = metric ? embeddedMetrics({ [metric]: 1 }, Date.now()) : {};
    const line = { ...about, keyId: event.pathParameters?.['keyId'], ...facts, ...counted };
    if (facts.outcome === 'refused') {
      logger.warn('A renewal was refused', line);
      await untilRefusable();
    } else if (facts.outcome !== 'bad-request') logger.info('renewal', line);
    return answer;
  } catch (error) {
    const { name, message } = error as Error;
    const counted = embeddedMetrics({ RenewalFault: 1 }, Date.now());
    logger.error('The request could not be carried out', {
      ...about,
      fault: name,
      cause: message,
      ...counted,
    });
    return FAULT;
  }
}
