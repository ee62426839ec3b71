/** Whose AWS credentials these are. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { explainAwsError } from './aws-errors.ts';
import type { AwsSettings } from './aws-settings.ts';

export interface Caller {
  readonly arn: string;
  readonly account: string;
}

/** @throws CliError when there are no credentials, or AWS refuses them */
export async function callerIdentity(settings: AwsSettings): Promise<Caller> {
  try {
    const identity = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
    return { arn: identity.Arn ?? 'unknown', account: identity.Account ?? 'unknown' };
  } catch (error) {
    throw explainAwsError(error, settings);
  }
}
