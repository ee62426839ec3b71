/** The machine behind emergencies for an owner or for all keys, and the function that does its steps. */
import { Aws, Duration, Names, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { BulkEmergencyEnv } from '../../lambdas/functions/bulk-emergency/env.ts';
import type { ResolvedEmergency } from '../emergency-config.ts';
import { allowLookingAtExecutions } from './key-managing-function.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';
import type { RotationWorkflow } from './rotation-workflow.ts';
import { stepMachine } from './step-machine.ts';

export interface BulkEmergencyProps {
  readonly store: KeyStore;
  readonly rotation: RotationWorkflow;
  readonly pace: ResolvedEmergency;
  readonly logRetention: RetentionDays;
}

/** As the definition has it: it stands in the names of the map's children. */
const MAP_LABEL = 'RotateAll';

export class BulkEmergency extends Construct {
  readonly machine: StateMachine;
  /** Given, though unique: the machine's own role must name it, and the admin function its executions. */
  readonly machineName: string;

  constructor(scope: Construct, id: string, props: BulkEmergencyProps) {
    super(scope, id);
    this.machineName = Names.uniqueResourceName(this, { maxLength: 80, separator: '-' });
    const steps = new NodeFunction<BulkEmergencyEnv>(this, 'Steps', {
      entry: 'lambdas/functions/bulk-emergency/handler.ts',
      description: 'Keyturn: the steps of an emergency of many keys',
      memoryMegabytes: 512,
      timeout: Duration.minutes(1),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: props.store.table.tableName,
        ROTATION_MACHINE_ARN: props.rotation.machine.stateMachineArn,
        BATCH_KEYS: String(props.pace.batchKeys),
      },
    });
    props.store.grantRunning(steps);
    props.rotation.machine.grantStartExecution(steps.function);
    allowLookingAtExecutions(steps, props.rotation.machineName);
    this.machine = stepMachine(this, 'Machine', {
      machineName: this.machineName,
      comment: 'Keyturn: an emergency of many keys',
      definition: 'bulk-emergency.asl.json',
      steps,
      functionPlaceholder: 'BulkEmergencyFunctionArn',
      numbers: { BatchesAtOnce: props.pace.batchesAtOnce },
      logRetention: props.logRetention,
    });
    this.#allowMap();
  }

  /** A distributed map starts the machine's own children, and looks after them. */
  #allowMap(): void {
    const states = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    const children = [`${this.machineName}:*`, `${this.machineName}/${MAP_LABEL}:*`];
    this.machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['states:StartExecution'],
        resources: [`${states}:stateMachine:${this.machineName}`],
      }),
    );
    this.machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: children.map((name) => `${states}:execution:${name}`),
      }),
    );
    for (const name of children) {
      Validations.of(this.machine).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}]`,
        reason: 'Executions are named when they start: all of this machine and of its map, and of no other.',
      });
    }
  }
}
