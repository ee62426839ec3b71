/** Digests of the audit as they are deployed: locked, signed by a key that never leaves KMS, once a day. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { resolveAudit } from '../../../lib/audit-config.ts';
import { deployedTemplate, keyturnTemplate } from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

const template = deployedTemplate();
const lockOf = (of: typeof template) =>
  only(of, 'AWS::S3::Bucket', 'KeysAuditTrail').properties['ObjectLockConfiguration'];

describe('the bucket of digests', () => {
  const { id, properties } = only(template, 'AWS::S3::Bucket', 'KeysAuditTrail');

  it('locks every object in compliance mode for more than a year, without anybody saying so', () => {
    expect(properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(properties).not.toHaveProperty('LifecycleConfiguration');
  });

  it('is encrypted, closed to the public, and spoken to by TLS alone', () => {
    expect(properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const policies = resources(template, 'AWS::S3::BucketPolicy', 'KeysAuditTrail');
    expect(JSON.stringify(policies[0]?.properties)).toContain('"aws:SecureTransport":"false"');
  });

  it('stays when its stack goes, whatever becomes of the rest', () => {
    const throwAway = keyturnTemplate({ keys: { removalPolicy: RemovalPolicy.DESTROY } });
    for (const of of [template, throwAway]) {
      const [bucket] = Object.values(of.findResources('AWS::S3::Bucket')).filter(
        ({ Properties }) => Properties.ObjectLockEnabled,
      );
      expect(bucket).toMatchObject({ DeletionPolicy: 'Retain' });
    }
    expect(lockOf(throwAway)).toMatchObject({ Rule: { DefaultRetention: { Mode: 'GOVERNANCE' } } });
  });

  it('locks as long and as hard as the configuration says', () => {
    const own = keyturnTemplate({ keys: { audit: { retention: 'P2190D', mode: 'governance' } } });
    expect(lockOf(own)).toMatchObject({ Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2190 } } });
    const compliant = {
      keys: { removalPolicy: RemovalPolicy.DESTROY, audit: { mode: 'compliance' as const } },
    };
    expect(lockOf(keyturnTemplate(compliant))).toMatchObject({
      Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } },
    });
  });

  it('is an output', () => {
    expect(template.findOutputs('AuditBucketName')['AuditBucketName']?.['Value']).toEqual({ Ref: id });
  });
});

describe('the settings of the audit', () => {
  it.each([
    [{ retention: 'P0D' }, /audit\.retention 'P0D' is not a number of days/, /P1D to P36500D/],
    [{ retention: 'PT36H' }, /'PT36H' is not a number of days/, /whole days/],
    [{ retention: 'P36501D' }, /'P36501D'/, /P36500D/],
    [{ retention: 'a year' }, /audit\.retention 'a year' is not an ISO 8601/, /P90D/],
    [{ mode: 'strict' as never }, /audit\.mode 'strict' is not known/, /compliance or governance/],
    [{ lock: true } as never, /audit has no setting 'lock'/, /retention, mode/],
  ])('%j are refused, with the value and the mend', (config, wrong, mend) => {
    expect(() => resolveAudit(config, true)).toThrow(wrong);
    expect(() => resolveAudit(config, true)).toThrow(mend);
  });

  it.each(['P1D', 'P36500D'])('%s is taken', (retention) => {
    expect(resolveAudit({ retention }, true).mode).toBe('compliance');
  });
});

describe('the key that signs digests', () => {
  it('is on P-256, for signatures alone, and names no other principal than the account', () => {
    const { properties } = only(template, 'AWS::KMS::Key', 'KeysAuditTrail');
    expect(properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const { Statement } = properties['KeyPolicy'] as { Statement: { Principal: { AWS: unknown } }[] };
    expect(Statement.map(({ Principal }) => plain(Principal.AWS))).toEqual([
      'arn:<AWS::Partition>:iam::<AWS::AccountId>:root',
    ]);
  });
});

describe('the function that takes digests', () => {
  it('knows the table, the bucket and the key, and nothing else', () => {
    expect(environmentOf(template, 'KeysAuditTrail')).toEqual({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table').id },
      AUDIT_BUCKET: { Ref: only(template, 'AWS::S3::Bucket', 'KeysAuditTrail').id },
      AUDIT_KEY_ID: { 'Fn::GetAtt': [only(template, 'AWS::KMS::Key', 'KeysAuditTrail').id, 'Arn'] },
    });
  });

  it('is called once a day, early in the day that the digest is named after', () => {
    const { properties } = only(template, 'AWS::Scheduler::Schedule', 'KeysAuditTrail');
    expect(properties).toMatchObject({
      ScheduleExpression: 'cron(10 0 * * ? *)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
      State: 'ENABLED',
      Target: {
        Arn: { 'Fn::GetAtt': [only(template, 'AWS::Lambda::Function', 'KeysAuditTrail').id, 'Arn'] },
      },
    });
  });
});
