/** What the rotation and the admin function have in common: their environment and their rights. */
import { Aws, Lazy, Stack } from 'aws-cdk-lib';
import type { DeliverySettings } from '../../lambdas/functions/delivery.ts';
import type { CachedStage, DeploymentEnv } from '../../lambdas/functions/deployment.ts';
import type { PolicyConfig } from '../../rules/policy.ts';
import type { KeyStore } from './key-store.ts';
import type { NodeFunction } from './node-function.ts';

export interface KeyManagement {
  readonly store: KeyStore;
  readonly prefix: string;
  readonly policies: Readonly<Record<string, PolicyConfig>>;
  /** Filled as APIs are protected: read when the template is written. */
  readonly cachedStages: readonly CachedStage[];
  readonly delivery: DeliverySettings;
}

export function managementEnvironment(
  scope: { readonly node: Stack['node'] },
  { store, prefix, policies, cachedStages, delivery }: KeyManagement,
): DeploymentEnv {
  const stack = Stack.of(scope as Stack);
  return {
    TABLE_NAME: store.table.tableName,
    PEPPER_SECRET_ID: store.pepper.secretArn,
    SEAL_KEY_ID: store.sealKey.keyArn,
    KEY_PREFIX: prefix,
    POLICIES: JSON.stringify(policies),
    DELIVERY: stack.toJsonString(delivery),
    CACHED_STAGES: Lazy.string({ produce: () => stack.toJsonString(cachedStages) }),
  };
}

/** Emptying the caches of the stages that have one, and of no other. */
export function allowFlushing(fn: NodeFunction<unknown>, { kind, apiId, stage }: CachedStage): void {
  const api = kind === 'rest' ? `/restapis/${apiId}` : `/apis/${apiId}`;
  fn.allow({
    actions: ['apigateway:DELETE'],
    resources: [`arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::${api}/stages/${stage}/cache/authorizers`],
  });
}

/** Whether a rotation's execution still runs decides whether another may take over; one that is overtaken is ended. */
export const allowLookingAfterExecutions = (fn: NodeFunction<unknown>, machineName: string): void =>
  allowOnExecutions(fn, machineName, ['states:DescribeExecution', 'states:StopExecution']);

/** Whether an execution still runs, and why it failed. */
export const allowLookingAtExecutions = (fn: NodeFunction<unknown>, machineName: string): void =>
  allowOnExecutions(fn, machineName, ['states:DescribeExecution']);

function allowOnExecutions(fn: NodeFunction<unknown>, machineName: string, actions: string[]): void {
  const machine = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machineName}`;
  fn.allow({ actions, resources: [`${machine}:*`] });
  fn.acknowledge(
    `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${machineName}:*]`,
    'Executions are named when they start: all of this machine, and of no other.',
  );
}
