/** The rotation machine and the function that does its steps. */
import { Duration, Lazy, Names } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RotationEnv } from '../../lambdas/functions/rotation/env.ts';
import {
  allowLookingAfterExecutions,
  type KeyManagement,
  managementEnvironment,
} from './key-managing-function.ts';
import { NodeFunction } from './node-function.ts';
import { stepMachine } from './step-machine.ts';

export interface RotationWorkflowProps extends KeyManagement {
  /** Filled as APIs are protected: each must know a new key before it is accepted. */
  readonly authorizers: readonly IFunction[];
  /** Seconds; told when the template is written. */
  readonly evidenceLagSeconds: string;
  readonly logRetention: RetentionDays;
}

export class RotationWorkflow extends Construct {
  readonly machine: StateMachine;
  readonly steps: NodeFunction<RotationEnv>;
  /** Given, though unique: the function that the machine invokes must name its executions without referring to it. */
  readonly machineName: string;

  constructor(scope: Construct, id: string, props: RotationWorkflowProps) {
    super(scope, id);
    this.machineName = Names.uniqueResourceName(this, { maxLength: 80, separator: '-' });
    const arns = () => props.authorizers.map((authorizer) => authorizer.functionArn);
    this.steps = new NodeFunction<RotationEnv>(this, 'Steps', {
      entry: 'lambdas/functions/rotation/handler.ts',
      description: 'Keyturn: the steps of a rotation',
      memoryMegabytes: 512,
      timeout: Duration.seconds(30),
      logRetention: props.logRetention,
      environment: {
        ...managementEnvironment(this, props),
        EVIDENCE_LAG_SECONDS: props.evidenceLagSeconds,
        AUTHORIZER_FUNCTIONS: Lazy.string({ produce: () => arns().join(',') }),
      },
    });
    props.store.grantManaging(this.steps);
    props.store.grantSealing(this.steps);
    this.steps.allow({
      actions: ['lambda:InvokeFunction'],
      resources: Lazy.list({ produce: arns }),
    });
    this.machine = stepMachine(this, 'Rotation', {
      machineName: this.machineName,
      comment: 'Keyturn: one rotation of one API key',
      definition: 'rotation.asl.json',
      steps: this.steps,
      functionPlaceholder: 'RotationFunctionArn',
      logRetention: props.logRetention,
    });
    allowLookingAfterExecutions(this.steps, this.machineName);
  }
}
