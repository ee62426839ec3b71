/** What Secrets Manager calls to rotate secrets: those in which clients find their keys, and the pepper. */
import { Aws, Duration, Lazy, Validations } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SecretRotationEnv } from '../../lambdas/functions/secret-rotation/env.ts';
import { allowLookingAtExecutions } from './key-managing-function.ts';
import { keySecretArns } from './key-secret-arns.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import type { PepperRotation } from './pepper-rotation.ts';

export interface SecretRotationProps {
  readonly store: KeyStore;
  /** Not the machine itself, whose steps refer to this function. */
  readonly machineName: string;
  readonly pepperRotation: PepperRotation;
  /** How often Secrets Manager rotates the pepper; absent: only when it is told to. */
  readonly pepperDays: number | undefined;
  /** Filled as APIs are protected: each must know a new key before clients are given it. */
  readonly authorizers: readonly IFunction[];
  /** Told when the template is written; empty when it is not known. */
  readonly endpoint: string;
  readonly logRetention: RetentionDays;
}

export class SecretRotation extends Construct {
  readonly fn: NodeFunction<SecretRotationEnv>;

  constructor(scope: Construct, id: string, props: SecretRotationProps) {
    super(scope, id);
    const { store, machineName, pepperRotation } = props;
    const machineArn = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:stateMachine:${machineName}`;
    const authorizers = () => props.authorizers.map(({ functionArn }) => functionArn);
    this.fn = new NodeFunction<SecretRotationEnv>(this, 'Fn', {
      entry: 'lambdas/functions/secret-rotation/handler.ts',
      description: 'Keyturn: the four steps of a rotation by Secrets Manager',
      memoryMegabytes: 256,
      timeout: Duration.seconds(30),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: store.table.tableName,
        SEAL_KEY_ID: store.sealKey.keyArn,
        ROTATION_MACHINE_ARN: machineArn,
        PEPPER_SECRET_ID: store.pepper.secretArn,
        PEPPER_MACHINE_ARN: pepperRotation.machine.stateMachineArn,
        AUTHORIZER_FUNCTIONS: Lazy.string({ produce: () => authorizers().join(',') }),
        ENDPOINT: props.endpoint,
      },
    });
    store.grantReadingKeys(this.fn);
    // What a rotation that it has started seals is not placed yet.
    store.grantOpening(this.fn);
    this.#allowSecrets(this.fn, [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:ListSecretVersionIds',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ]);
    this.fn.allow({
      actions: ['states:StartExecution'],
      resources: [machineArn, pepperRotation.machine.stateMachineArn],
    });
    store.grantAddingPepper(this.fn);
    allowLookingAtExecutions(this.fn, machineName);
    this.fn.allow({ actions: ['lambda:InvokeFunction'], resources: Lazy.list({ produce: authorizers }) });
    this.fn.function.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Aws.ACCOUNT_ID,
    });
    if (props.pepperDays === undefined) this.#leavePepper(store);
    else this.#schedulePepper(store, props.pepperDays);
  }

  /** Not the library's own schedule, which would give the function rights on its own and random passwords. */
  #schedulePepper({ pepper }: KeyStore, days: number): void {
    const schedule = new CfnRotationSchedule(this, 'PepperSchedule', {
      secretId: pepper.secretArn,
      rotationLambdaArn: this.fn.function.functionArn,
      rotationRules: { automaticallyAfterDays: days },
      // A deployment rotates nothing. Secrets Manager has `testSecret` called all the same.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(this.fn);
  }

  #leavePepper({ pepper }: KeyStore): void {
    Validations.of(pepper).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'The deployment is configured so that operators alone rotate the pepper.',
    });
  }

  /** Writing keys into secrets and saying who reads them and when they rotate; never reading one. */
  grantPlacing(fn: NodeFunction<unknown>): void {
    this.#allowSecrets(fn, [
      'secretsmanager:CancelRotateSecret',
      'secretsmanager:CreateSecret',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetResourcePolicy',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:PutSecretValue',
      'secretsmanager:RotateSecret',
      'secretsmanager:TagResource',
      'secretsmanager:UpdateSecretVersionStage',
    ]);
    // Secrets Manager asks it of whoever names a rotation function.
    fn.allow({
      sid: 'NameAsRotationFunction',
      actions: ['lambda:InvokeFunction'],
      resources: [this.fn.function.functionArn],
    });
  }

  /** The secret of a revoked key. */
  grantRemoving(fn: NodeFunction<unknown>): void {
    this.#allowSecrets(fn, ['secretsmanager:DeleteSecret']);
  }

  #allowSecrets(fn: NodeFunction<unknown>, actions: string[]): void {
    fn.allow({ actions, resources: [keySecretArns()] });
    fn.acknowledge(
      `AwsSolutions-IAM5[Resource::${keySecretArns('<AWS::Partition>', '<AWS::Region>', '<AWS::AccountId>')}]`,
      'Secrets are made when keys are issued: all those of keys, and of nothing else.',
    );
  }
}
