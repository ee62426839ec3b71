import { Aws } from 'aws-cdk-lib';
import { SECRET_PREFIX } from '../../rules/secret-name.ts';

/** The ARNs of all secrets in which clients find their keys. */
export const keySecretArns = (
  partition: string = Aws.PARTITION,
  region: string = Aws.REGION,
  account: string = Aws.ACCOUNT_ID,
): string => `arn:${partition}:secretsmanager:${region}:${account}:secret:${SECRET_PREFIX}*`;
