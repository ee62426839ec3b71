/** Where clients use their keys, as it is written beside a key. */
import { Token } from 'aws-cdk-lib';
import { InvalidConfiguration } from './invalid-configuration.ts';

/** What refers to a resource, as an API's own `url` does, is known when it is deployed. */
export function checkedEndpoint(what: string, endpoint: string): string {
  if (Token.isUnresolved(endpoint)) return endpoint;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return endpoint;
  throw new InvalidConfiguration(
    `${what} '${endpoint}' is no URL that clients could call.`,
    'Write one such as https://api.example.com/mcp, or leave it out.',
  );
}
