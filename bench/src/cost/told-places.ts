/** Who is told of what happens on the counted local cloud, and where digests of it go. */
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateConfigurationSetCommand, SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import type { MailSettings } from '../../../lambdas/adapters/ses/ses-mailer.ts';
import type { WebhookSettings } from '../../../lambdas/functions/webhooks.ts';
import { resolveWebhooks } from '../../../lib/webhooks-config.ts';
import { credentials, REGION } from '../store/lambda-environment.ts';

export interface ToldPlaces {
  readonly auditBucket: string;
  readonly auditKeyId: string;
  readonly securityTopic: string;
  readonly mail: MailSettings;
  /** Of the secret that the codes of unsubscribe links are made from. */
  readonly linkSecretId: string;
  readonly webhooks: WebhookSettings;
}

const BUCKET = 'keyturn-bench-audit';
const LINK_SECRET = 'keyturn-bench/links';
const CONFIGURATION_SET = 'keyturn-bench';
const SENDER = 'keys@example.com';

/** @param authority that the receiver of webhooks has its certificate from; absent: there is none */
export async function createToldPlaces(endpoint: string, authority?: string): Promise<ToldPlaces> {
  const config = { endpoint, region: REGION, credentials };
  await new S3Client({ ...config, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }),
  );
  const { KeyMetadata } = await new KMSClient(config).send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  const { TopicArn } = await new SNSClient(config).send(new CreateTopicCommand({ Name: 'keyturn-bench' }));
  const ses = new SESClient(config);
  await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: SENDER }));
  await ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: CONFIGURATION_SET } }));
  await new SecretsManagerClient(config).send(
    new CreateSecretCommand({ Name: LINK_SECRET, SecretString: 'x'.repeat(64) }),
  );
  return {
    auditBucket: BUCKET,
    auditKeyId: KeyMetadata?.Arn as string,
    securityTopic: TopicArn as string,
    mail: { from: SENDER, configurationSet: CONFIGURATION_SET },
    linkSecretId: LINK_SECRET,
    webhooks: authority
      ? resolveWebhooks({ allowPrivateAddresses: true, certificateAuthorities: [authority] })
      : resolveWebhooks({}),
  };
}
