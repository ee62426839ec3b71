/** Delivery to a vault: what is refused, what the functions are told and may do, and where backups go. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import type { DeliverySettings } from '../../../lambdas/functions/delivery.ts';
import { ApiKeyLifecycle, InvalidConfiguration, type VaultDeliveryConfig } from '../../../lib/index.ts';
import { statementsOf } from '../../support/statements.ts';
import { type Bench, backendIn, bench, newApp, restApi } from '../../support/synth.ts';
import { environmentOf, only, plain, resources } from '../../support/template.ts';

const untyped = (value: unknown) => value as never;
const VAULT: VaultDeliveryConfig = {
  address: 'https://vault.example.com:8200/',
  credentialsSecret: 'keyturn-vault',
};
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdjCCAR2gAwIBAgIUW0sMzFvQF0JPzKJ0dFZVbFhTIBIwCgYIKoZIzj0EAwIw
-----END CERTIFICATE-----`;

const keysWith = (changes: Partial<VaultDeliveryConfig> = {}): Own =>
  bench({ deliveries: { vault: { ...VAULT, ...changes } } });

type Own = Pick<Bench, 'stack' | 'keys' | 'backend'>;

/** In a stack that has something of its own already. */
const keysIn = (stack: Stack, changes: Partial<VaultDeliveryConfig>): Own => ({
  stack,
  keys: new ApiKeyLifecycle(stack, 'Keys', { deliveries: { vault: { ...VAULT, ...changes } } }),
  backend: backendIn(stack),
});

function templateWith(changes: Partial<VaultDeliveryConfig> = {}, own = keysWith(changes)): Template {
  own.keys.protectRestApi(restApi(own.stack, own.backend).api);
  return Template.fromStack(own.stack);
}

const settingsIn = (template: Template, fn: string): NonNullable<DeliverySettings['vault']> =>
  JSON.parse(plain(environmentOf(template, fn)['DELIVERY'])).vault;

describe('a vault', () => {
  it.each<[string, Partial<VaultDeliveryConfig>, RegExp, RegExp]>([
    ['an address that is none', { address: 'vault' }, /'vault' is no URL/, /https:\/\/vault/],
    ['an address without TLS', { address: 'http://vault.example.com' }, /without TLS/, /allowHttp/],
    [
      'a password in it',
      { address: 'https://a:b@vault.example.com' },
      /user or a password/,
      /into the secret/,
    ],
    [
      'an unknown method',
      { auth: untyped('kubernetes') },
      /auth 'kubernetes' is not known/,
      /approle or token/,
    ],
    ['an unknown method with a mount', { auth: untyped({ method: 'ldap' }) }, /'ldap'/, /approle or token/],
    ['a mount with a slash', { mount: '/secret' }, /mount '\/secret' is not valid/, /none at either end/],
    ['a mount of nothing', { mount: '' }, /mount '' is not valid/, /letters, digits/],
    [
      'a namespace with a blank',
      { namespace: 'team a' },
      /namespace 'team a' is not valid/,
      /letters, digits/,
    ],
    [
      'a mount of AppRole that climbs',
      { auth: { method: 'approle', mount: '../x' } },
      /auth\.mount '\.\.\/x' is not valid/,
      /letters/,
    ],
    ['an endpoint that is none', { endpoint: 'api' }, /endpoint 'api' is no URL/, /https:\/\/api/],
    ['a certificate that is none', { caCertificate: CERTIFICATE }, /is no certificate in PEM/, /BEGIN CERT/],
    ['a bundle of them', { caCertificate: 'x'.repeat(2_401) }, /2401 characters/, /not a bundle/],
    ['a secret by no name', { credentialsSecret: 'the secret' }, /'the secret' is neither/, /keyturn-vault/],
    [
      'a secret among those of keys',
      { credentialsSecret: 'keyturn/vault' },
      /more functions/,
      /keyturn-vault/,
    ],
    [
      'a secret among those of keys by its ARN',
      { credentialsSecret: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/vault-AbCdEf' },
      /more functions/,
      /does not start with keyturn\//,
    ],
    [
      'a permission in words',
      { address: 'http://vault.internal', allowHttp: untyped('false') },
      /allowHttp 'false' is neither true nor false/,
      /not a text/,
    ],
    ['no secret', { credentialsSecret: '' }, /'' is neither a name nor an ARN/, /its ARN/],
  ])('is refused with %s', (_what, changes, wrong, mend) => {
    const act = () => keysWith(changes);
    expect(act).toThrow(InvalidConfiguration);
    expect(act).toThrow(wrong);
    expect(act).toThrow(mend);
  });

  it('is told to the functions that deliver: where it is, never how to get in', () => {
    const template = templateWith({ namespace: 'team-a', endpoint: 'https://api.example.com/mcp' });
    for (const fn of ['KeysAdmin', 'KeysWorkflowSteps']) {
      expect(settingsIn(template, fn)).toEqual({
        address: 'https://vault.example.com:8200',
        method: 'approle',
        authMount: 'approle',
        mount: 'secret',
        namespace: 'team-a',
        endpoint: 'https://api.example.com/mcp',
        credentialsSecretId: 'keyturn-vault',
        backupBucket: `<${only(template, 'AWS::S3::Bucket', 'KeysVault').id}>`,
      });
    }
  });

  it('is told with what else was chosen', () => {
    const template = templateWith({
      address: 'http://vault.internal:8200',
      allowHttp: true,
      auth: { method: 'token' },
      mount: 'teams/kv',
    });
    expect(settingsIn(template, 'KeysAdmin')).toMatchObject({
      address: 'http://vault.internal:8200',
      allowHttp: true,
      method: 'token',
      mount: 'teams/kv',
    });
  });

  it('takes the address of an API that is deployed with it as what clients call', () => {
    const stack = new Stack(newApp(), 'Own');
    const { url } = new RestApi(stack, 'Theirs', { deploy: true });
    const own = keysIn(stack, { endpoint: url });
    (stack.node.findChild('Theirs') as RestApi).root.addMethod('GET');
    const template = templateWith({}, own);
    expect(settingsIn(template, 'KeysAdmin').endpoint).toMatch(/^https:\/\/<.+>\.execute-api\./);
  });

  it('is not there unless it is configured', () => {
    const own = bench();
    const template = templateWith({}, own);
    expect(settingsIn(template, 'KeysAdmin')).toBeUndefined();
    expect(resources(template, 'AWS::S3::Bucket', 'KeysVault')).toEqual([]);
  });
});

describe('what delivering may', () => {
  const SECRET_BY_NAME =
    'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:keyturn-vault-??????';
  const readsSecret = (template: Template, role: string, arn: string) =>
    statementsOf(template, role).some(
      ({ actions, resources: on }) => actions.includes('secretsmanager:GetSecretValue') && on.includes(arn),
    );

  it('is reading that one secret, for the two functions that deliver', () => {
    const template = templateWith();
    for (const role of ['KeysAdmin', 'KeysWorkflowSteps']) {
      expect(readsSecret(template, role, SECRET_BY_NAME), role).toBe(true);
    }
    for (const role of ['KeysAuthorizer', 'KeysSweep', 'KeysObserver']) {
      expect(readsSecret(template, role, SECRET_BY_NAME), role).toBe(false);
    }
  });

  it('is of a secret of the stack by its ARN, and of the key that it is encrypted with', () => {
    const stack = new Stack(newApp(), 'Own');
    const encryptionKey = new Key(stack, 'TheirKey');
    // Without exactOptionalPropertyTypes, as most applications are compiled, the CDK's own types fit.
    const credentialsSecret = new Secret(stack, 'Credentials', { encryptionKey }) as never;
    const template = templateWith({}, keysIn(stack, { credentialsSecret }));
    const statements = statementsOf(template, 'KeysWorkflowSteps');
    const decrypting = statements.filter(
      ({ actions, conditions }) =>
        actions.join() === 'kms:Decrypt' && JSON.stringify(conditions).includes('secretsmanager'),
    );
    expect(decrypting.map((each) => each.resources)).toEqual([
      [`<${only(template, 'AWS::KMS::Key', 'TheirKey').id}.Arn>`],
    ]);
  });

  it('is of a secret by its whole ARN just that', () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn-vault-AbCdEf';
    const template = templateWith({ credentialsSecret: arn });
    expect(readsSecret(template, 'KeysAdmin', arn)).toBe(true);
    expect(settingsIn(template, 'KeysAdmin').credentialsSecretId).toBe(arn);
  });
});

describe('backups', () => {
  const archiving = (template: Template, role: string) => {
    const bucket = `<${only(template, 'AWS::S3::Bucket', 'KeysVault').id}.Arn>`;
    return statementsOf(template, role).filter(({ resources }) =>
      resources.some((resource) => resource.startsWith(bucket)),
    );
  };

  it('go to a bucket of the stack’s own: encrypted, closed, by TLS alone, kept for 90 days', () => {
    const template = templateWith();
    const { properties, DeletionPolicy } = only(template, 'AWS::S3::Bucket', 'KeysVault');
    expect(DeletionPolicy).toBe('Retain');
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
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: 'Enabled' }] },
    });
    const { PolicyDocument } = only(template, 'AWS::S3::BucketPolicy', 'KeysVault').properties as {
      PolicyDocument: { Statement: object[] };
    };
    expect(PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });

  it('are made and read by the admin function alone, below one prefix', () => {
    const template = templateWith();
    const bucket = `<${only(template, 'AWS::S3::Bucket', 'KeysVault').id}.Arn>`;
    expect(archiving(template, 'KeysAdmin')).toEqual([
      { actions: ['s3:GetObject', 's3:PutObject'], resources: [`${bucket}/vault/*`] },
      {
        actions: ['s3:ListBucket'],
        resources: [bucket],
        conditions: { StringLike: { 's3:prefix': 'vault/*' } },
      },
    ]);
    expect(archiving(template, 'KeysWorkflowSteps')).toEqual([]);
  });

  it('are sealed and opened by the admin function alone, by their own context', () => {
    const template = templateWith();
    const sealKey = `<${only(template, 'AWS::KMS::Key', 'KeysStoreSealKey').id}.Arn>`;
    const ofBackups = (role: string) =>
      statementsOf(template, role).filter(
        ({ resources: on, conditions }) =>
          on.includes(sealKey) && JSON.stringify(conditions).includes('backupId'),
      );
    expect(ofBackups('KeysAdmin')).toEqual([
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [sealKey],
        conditions: {
          'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['backupId', 'keyId', 'what'] },
        },
      },
    ]);
    for (const role of ['KeysWorkflowSteps', 'KeysClaimPage', 'KeysRenewal', 'KeysSecretRotation']) {
      expect(ofBackups(role)).toEqual([]);
    }
  });

  it('go with the stack where it is to leave nothing', () => {
    const own = bench({ deliveries: { vault: VAULT }, removalPolicy: RemovalPolicy.DESTROY });
    const template = templateWith({}, own);
    expect(only(template, 'AWS::S3::Bucket', 'KeysVault').DeletionPolicy).toBe('Delete');
  });

  it('go to the bucket that is given, with the rights on its key', () => {
    const stack = new Stack(newApp(), 'Own');
    const encryptionKey = new Key(stack, 'TheirKey');
    const backupBucket = new Bucket(stack, 'Bucket', { encryptionKey }) as never;
    const template = templateWith({}, keysIn(stack, { backupBucket }));
    expect(resources(template, 'AWS::S3::Bucket', 'KeysVault')).toEqual([]);
    const onItsKey = statementsOf(template, 'KeysAdmin').filter(({ conditions }) =>
      JSON.stringify(conditions ?? {}).includes('"s3.'),
    );
    expect(onItsKey.map(({ actions }) => actions)).toEqual([['kms:Decrypt', 'kms:GenerateDataKey']]);
  });
});
