/** A state machine that is run from its file and whose steps are one function's. */
import { readFileSync } from 'node:fs';
import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { NodeFunction } from './node-function.ts';

export interface StepMachineProps {
  /** Given, though unique: whoever looks after executions names them without referring to the machine. */
  readonly machineName: string;
  readonly comment: string;
  /** File of `state-machines/`. */
  readonly definition: string;
  readonly steps: NodeFunction<unknown>;
  /** What the file calls the ARN of the function. */
  readonly functionPlaceholder: string;
  /** What the file calls a number, in quotes: CloudFormation's own substitutions would leave the quotes. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly logRetention: RetentionDays;
}

/** Executions may take as long as they take: the machine has no time-out. */
export function stepMachine(scope: Construct, id: string, props: StepMachineProps): StateMachine {
  const { functionArn } = props.steps.function;
  const definition = new URL(`../../state-machines/${props.definition}`, import.meta.url);
  const machine = new StateMachine(scope, id, {
    stateMachineName: props.machineName,
    comment: props.comment,
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(withNumbers(readFileSync(definition, 'utf8'), props.numbers)),
    definitionSubstitutions: {
      LambdaInvoke: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
      [props.functionPlaceholder]: functionArn,
    },
    logs: {
      destination: new LogGroup(scope, `${id}Logs`, {
        retention: props.logRetention,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      // Inputs and outputs hold ids only, and still stay out of the log.
      includeExecutionData: false,
    },
    tracingEnabled: true,
  });
  // Named exactly: the construct library's own grant would allow every version and alias too.
  machine.addToRolePolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }),
  );
  Validations.of(machine).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Log delivery and X-Ray have no resources of their own to name.',
  });
  return machine;
}

const withNumbers = (text: string, numbers: StepMachineProps['numbers'] = {}): string =>
  Object.entries(numbers).reduce(
    (filled, [name, value]) => filled.replace(`"\${${name}}"`, String(value)),
    text,
  );
