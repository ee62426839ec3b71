/** The plain authorizer that reads its pepper where Keyturn's does: from Secrets Manager, while it starts. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { plainAuthorizer } from './plain-authorizer.ts';

const { SecretString } = await new SecretsManagerClient({}).send(
  new GetSecretValueCommand({ SecretId: process.env['PEPPER_SECRET_ID'] ?? '' }),
);

export const handler = plainAuthorizer(JSON.parse(SecretString ?? '{}')['1']);
