/** What AWS or the way to it refuses, said in words with the mend. */

import type { AwsSettings } from './aws-settings.ts';
import { CliError } from './exit.ts';

interface Explanation {
  readonly code: string;
  readonly matches: (name: string, message: string) => boolean;
  readonly message: (settings: AwsSettings, detail: string) => string;
  readonly hint: string;
}

const profileOf = (settings: AwsSettings): string =>
  settings.profile ? ` for profile '${settings.profile}'` : '';

const EXPLANATIONS: readonly Explanation[] = [
  {
    code: 'no-region',
    matches: (_name, message) => /region is missing/i.test(message),
    message: () => 'No AWS Region is set.',
    hint: 'Give --region, set AWS_REGION, or use --local for the local cloud.',
  },
  {
    code: 'no-credentials',
    matches: (name) => /^(CredentialsProviderError|TokenProviderError)$/.test(name),
    message: (settings, detail) => `No AWS credentials were found${profileOf(settings)}: ${detail}`,
    hint: "Sign in (such as 'aws sso login'), choose a --profile, or use --local for the local cloud.",
  },
  {
    code: 'credentials-refused',
    matches: (name) =>
      /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|SignatureDoesNotMatch)$/.test(
        name,
      ),
    message: (settings, detail) => `AWS refuses the credentials${profileOf(settings)}: ${detail}`,
    hint: "Sign in again (such as 'aws sso login') or choose another --profile.",
  },
  {
    code: 'not-allowed',
    matches: (name) => /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(name),
    message: (_settings, detail) => `These AWS credentials may not do this: ${detail}`,
    hint: 'An operator needs cloudformation:DescribeStacks on the stack and lambda:InvokeFunction on its admin function.',
  },
  {
    code: 'function-missing',
    matches: (name) => name === 'ResourceNotFoundException',
    message: (_settings, detail) => `The stack's admin function is gone: ${detail}`,
    hint: "Deploy the stack again; on the local cloud, 'npm run local -- up'.",
  },
  {
    code: 'unreachable',
    matches: (name, message) =>
      /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|fetch failed/.test(`${name} ${message}`) ||
      name === 'TimeoutError',
    message: (settings, detail) => `${settings.endpoint ?? 'AWS'} does not answer: ${detail}`,
    hint: "Check the network; for the local cloud, see 'npm run local -- status'.",
  },
];

/** A `CliError` for whatever a call to AWS threw; a `CliError` stays as it is. */
export function explainAwsError(error: unknown, settings: AwsSettings): CliError {
  if (error instanceof CliError) return error;
  const name = error instanceof Error ? error.name : 'Error';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = (error instanceof Error && error.message) || code || String(error);
  const found = EXPLANATIONS.find(({ matches }) => matches(name, `${code} ${detail}`));
  if (found) return new CliError(found.code, found.message(settings, detail), found.hint, { cause: error });
  return new CliError(
    'aws-error',
    `AWS answered with ${name}: ${detail}`,
    "'keyturn doctor' checks each part of the way to the deployment.",
    { cause: error },
  );
}
