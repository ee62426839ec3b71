/** The daily digest of the audit: the function that takes it, the key that signs it, and the bucket that locks it. */
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DigestEnv } from '../../lambdas/functions/digest/env.ts';
import type { ResolvedAudit } from '../audit-config.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import { callBySchedule } from './schedule-function.ts';

export interface AuditTrailProps {
  readonly store: KeyStore;
  readonly audit: ResolvedAudit;
  readonly logRetention: RetentionDays;
  /** Of the key that signs. The bucket stays: what is locked cannot be deleted with a stack. */
  readonly removalPolicy: RemovalPolicy;
}

const DESCRIPTION = 'Keyturn: the daily digest of the audit';

export class AuditTrail extends Construct {
  readonly bucket: Bucket;
  readonly signingKey: Key;

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    this.bucket = this.#lockedBucket(props.audit);
    this.signingKey = new Key(this, 'SigningKey', {
      description: 'Keyturn: signs the daily digest of the audit',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: props.removalPolicy,
    });
    const fn = new NodeFunction<DigestEnv>(this, 'Fn', {
      entry: 'lambdas/functions/digest/handler.ts',
      description: DESCRIPTION,
      // All heads are in memory, some hundred bytes a chain.
      memoryMegabytes: 1024,
      timeout: Duration.minutes(15),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: props.store.table.tableName,
        AUDIT_BUCKET: this.bucket.bucketName,
        AUDIT_KEY_ID: this.signingKey.keyArn,
      },
    });
    props.store.grantDigesting(fn);
    fn.allow({ actions: ['kms:Sign'], resources: [this.signingKey.keyArn] });
    this.grantReading(fn);
    this.#allowObjects(fn, 's3:PutObject', 'It adds objects of these three kinds, and can delete none.');
    // Early in the day that it is named after.
    callBySchedule(this, fn, DESCRIPTION, 'cron(10 0 * * ? *)');
  }

  /** What was stored first under every name, and the key's public half. */
  grantReading(fn: NodeFunction<unknown>): void {
    fn.allow({ actions: ['s3:ListBucketVersions'], resources: [this.bucket.bucketArn] });
    this.#allowObjects(fn, 's3:GetObjectVersion', 'Objects are named by day: all of these three kinds.');
    fn.allow({ actions: ['kms:GetPublicKey'], resources: [this.signingKey.keyArn] });
  }

  #allowObjects(fn: NodeFunction<unknown>, action: string, reason: string): void {
    const kinds = ['digests', 'heads', 'moved'];
    fn.allow({
      actions: [action],
      resources: kinds.map((kind) => this.bucket.arnForObjects(`${kind}/*`)),
    });
    const bucketId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    for (const kind of kinds)
      fn.acknowledge(`AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${kind}/*]`, reason);
  }

  #lockedBucket({ retentionDays, mode }: ResolvedAudit): Bucket {
    const days = Duration.days(retentionDays);
    const bucket = new Bucket(this, 'Digests', {
      objectLockEnabled: true,
      objectLockDefaultRetention:
        mode === 'compliance' ? ObjectLockRetention.compliance(days) : ObjectLockRetention.governance(days),
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // A stack that is deleted would fail on what is locked, and what is locked is what an auditor asks for.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Objects are locked, and each is named by the digest that follows it: access logs would add a bucket and say less.',
    });
    return bucket;
  }
}
