/** How the authorizer reaches AWS, from the environment that Lambda sets. */

import { CALL_ATTEMPTS, READ_ATTEMPT_MS } from '../../../rules/read-timing.ts';
import type { AwsCallConfig } from '../../adapters/signed-http/aws-call.ts';
import { readEnvironment } from '../environment.ts';

export function awsCallConfig(urlSuffix: string): AwsCallConfig {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  return {
    region: readEnvironment(['AWS_REGION']).AWS_REGION,
    urlSuffix,
    ...(endpoint ? { endpoint } : {}),
    credentials: () => {
      const sessionToken = process.env['AWS_SESSION_TOKEN'];
      return {
        accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
        ...(sessionToken ? { sessionToken } : {}),
      };
    },
    timeoutMs: READ_ATTEMPT_MS,
    attempts: CALL_ATTEMPTS,
  };
}
