/** What delivery to a vault needs of AWS: the secret with its credentials, and a bucket for backups. */
import { Aws, Duration, type RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { VaultSettings } from '../../lambdas/functions/vault.ts';
import { SECRET_PREFIX } from '../../rules/secret-name.ts';
import { InvalidConfiguration } from '../invalid-configuration.ts';
import { resolveVault, type VaultDeliveryConfig } from '../vault-config.ts';
import type { NodeFunction } from './node-function.ts';

export interface VaultDeliveryProps {
  readonly config: VaultDeliveryConfig;
  /** Empty when the deployment does not know it; told when the template is written. */
  readonly endpoint: string;
  readonly removalPolicy: RemovalPolicy;
}

/** Old backups hold keys that are retired; none is of use for longer than a rotation takes. */
const BACKUPS_KEPT = Duration.days(90);
const SECRET_NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const SECRET_ARN = /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+$/;

export class VaultDelivery extends Construct {
  readonly settings: VaultSettings;
  readonly #config: VaultDeliveryConfig;
  readonly #bucket: Pick<IBucket, 'bucketName' | 'bucketArn' | 'arnForObjects' | 'encryptionKey'>;

  constructor(scope: Construct, id: string, { config, endpoint, removalPolicy }: VaultDeliveryProps) {
    super(scope, id);
    const resolved = resolveVault(config);
    const credentialsSecretId = secretIdOf(config.credentialsSecret);
    this.#config = config;
    this.#bucket = config.backupBucket ?? this.#ownBucket(removalPolicy);
    this.settings = { endpoint, ...resolved, credentialsSecretId, backupBucket: this.#bucket.bucketName };
  }

  /** Reading the credentials, which is all that AWS has to do with a delivery. */
  grantDelivering(fn: NodeFunction<unknown>): void {
    const { credentialsSecret: secret } = this.#config;
    fn.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArnOf(secret)] });
    const key = typeof secret === 'string' ? undefined : secret.encryptionKey;
    if (key) allowKey(fn, key, 'secretsmanager', ['kms:Decrypt']);
  }

  /** Ciphertext in and out of the bucket, below one prefix. */
  grantArchiving(fn: NodeFunction<unknown>): void {
    const objects = this.#bucket.arnForObjects('vault/*');
    fn.allow({ actions: ['s3:PutObject', 's3:GetObject'], resources: [objects] });
    fn.acknowledge(
      `AwsSolutions-IAM5[Resource::${flat(Stack.of(this).resolve(objects))}]`,
      'Objects are named by key and time: all below this prefix, and no others.',
    );
    // Without it S3 does not say of an object that it is not there.
    fn.allow({
      actions: ['s3:ListBucket'],
      resources: [this.#bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'vault/*' } },
    });
    const { encryptionKey } = this.#bucket;
    if (encryptionKey) allowKey(fn, encryptionKey, 's3', ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  #ownBucket(removalPolicy: RemovalPolicy): Bucket {
    const bucket = new Bucket(this, 'Backups', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: BACKUPS_KEPT }],
      removalPolicy,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Objects are ciphertext under a KMS key, whose every use is in CloudTrail: access logs would add a bucket and say less.',
    });
    return bucket;
  }
}

/** On the way through the service that holds something under it. */
function allowKey(fn: NodeFunction<unknown>, key: IKey, service: string, actions: string[]): void {
  fn.allow({
    actions,
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
  });
}

/** An ARN as cdk-nag writes it: references in angle brackets. */
function flat(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = resolved as Readonly<Record<string, unknown>>;
  if (Ref !== undefined) return `<${String(Ref)}>`;
  if (attribute !== undefined) return `<${(attribute as string[]).join('.')}>`;
  if (joined === undefined) return JSON.stringify(resolved);
  const [separator, parts] = joined as [string, unknown[]];
  return parts.map(flat).join(separator);
}

function secretIdOf(secret: ISecret | string): string {
  if (typeof secret !== 'string') return secret.secretArn;
  if (secret.replace(/^arn:.*:secret:/, '').startsWith(SECRET_PREFIX)) {
    throw new InvalidConfiguration(
      `deliveries.vault.credentialsSecret '${secret}' is named like the secrets of keys, which more functions may read and write.`,
      `Give it a name that does not start with ${SECRET_PREFIX}, such as keyturn-vault.`,
    );
  }
  if (Token.isUnresolved(secret) || SECRET_NAME.test(secret) || SECRET_ARN.test(secret)) return secret;
  throw new InvalidConfiguration(
    `deliveries.vault.credentialsSecret '${secret}' is neither a name nor an ARN of a secret.`,
    'Give the secret, its name such as keyturn-vault, or its ARN.',
  );
}

/** Secrets Manager ends an ARN with six characters that a name does not tell. */
function secretArnOf(secret: ISecret | string): string {
  if (typeof secret !== 'string') return secret.secretFullArn ?? `${secret.secretArn}-??????`;
  if (secret.startsWith('arn:')) return secret;
  return `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${secret}-??????`;
}
