/** The page at which an address leaves a kind of mail. Anybody can reach it; a link's code decides. */
import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoOwnerSettings } from '../../adapters/dynamodb/dynamo-owner-settings.ts';
import { challengeSecret } from '../../adapters/secrets-manager/challenge-secret.ts';
import { readEnvironment } from '../environment.ts';
import type { HttpAnswer } from '../http-answer.ts';
import type { UnsubscribeEnv } from './env.ts';
import { faultPage } from './pages.ts';
import { languageOf, type UnsubscribeEvent } from './request.ts';
import { type RouteDeps, routed } from './routes.ts';

const logger = new Logger({ serviceName: 'keyturn-unsubscribe' });
const env = readEnvironment([
  'TABLE_NAME',
  'LINK_SECRET_ID',
] as const satisfies readonly (keyof UnsubscribeEnv)[]);
const documents = documentClient();
const deps: RouteDeps = {
  owners: new DynamoOwnerSettings(documents, env.TABLE_NAME),
  linkSecret: challengeSecret(new SecretsManagerClient({}), env.LINK_SECRET_ID, Date.now),
  clock: Date.now,
};

export async function handler(event: UnsubscribeEvent): Promise<HttpAnswer> {
  // Never the path: it holds an address, and what proves the link.
  const about = { method: event.httpMethod, requestId: event.requestContext.requestId };
  try {
    const { answer, ...facts } = await routed(deps, event);
    if (facts.outcome !== 'asked') logger.info('unsubscribe', { ...about, ...facts });
    return answer;
  } catch (error) {
    const { name, message } = error as Error;
    logger.error('The request could not be carried out', { ...about, fault: name, cause: message });
    return faultPage(languageOf(event));
  }
}
