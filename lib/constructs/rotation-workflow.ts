/** The rotation machine and the function that does its steps. */
import { readFileSync } from 'node:fs';
import { Aws, Duration, Lazy, Names, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RotationEnv } from '../../lambdas/functions/rotation/env.ts';
import {
  allowLookingAfterExecutions,
  type KeyManagement,
  managementEnvironment,
} from './key-managing-function.ts';
import { NodeFunction } from './node-function.ts';

export interface RotationWorkflowProps extends KeyManagement {
  /** Filled as APIs are protected: each must know a new key before it is accepted. */
  readonly authorizers: readonly IFunction[];
  /** Seconds; told when the template is written. */
  readonly evidenceLagSeconds: string;
  readonly logRetention: RetentionDays;
}

const DEFINITION = new URL('../../state-machines/rotation.asl.json', import.meta.url);

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
    this.machine = this.#machine(props.logRetention);
    allowLookingAfterExecutions(this.steps, this.machineName);
  }

  #machine(retention: RetentionDays): StateMachine {
    const machine = new StateMachine(this, 'Rotation', {
      stateMachineName: this.machineName,
      comment: 'Keyturn: one rotation of one API key',
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(readFileSync(DEFINITION, 'utf8')),
      definitionSubstitutions: {
        LambdaInvoke: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
        RotationFunctionArn: this.steps.function.functionArn,
      },
      logs: {
        destination: new LogGroup(this, 'RotationLogs', { retention, removalPolicy: RemovalPolicy.DESTROY }),
        level: LogLevel.ALL,
        // Inputs and outputs hold ids only, and still stay out of the log.
        includeExecutionData: false,
      },
      tracingEnabled: true,
    });
    // Named exactly: the construct library's own grant would allow every version and alias too.
    machine.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.steps.function.functionArn],
      }),
    );
    Validations.of(machine).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and X-Ray have no resources of their own to name.',
    });
    return machine;
  }
}
