/** Histories, inputs and outputs of every execution of every machine. */
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { AwsConfig } from '../deployment.ts';
import { pagesOf } from './pages.ts';

export async function histories(aws: AwsConfig): Promise<Map<string, string>> {
  const stepFunctions = new SFNClient(aws);
  const { stateMachines = [] } = await stepFunctions.send(new ListStateMachinesCommand({}));
  const texts = new Map<string, string>();
  for (const { stateMachineArn } of stateMachines) {
    const executions = await pagesOf((nextToken: string | undefined) =>
      stepFunctions
        .send(new ListExecutionsCommand({ stateMachineArn, ...(nextToken ? { nextToken } : {}) }))
        .then(({ executions: items = [], nextToken: next }) => ({ items, next })),
    );
    for (const { executionArn, name = '' } of executions) {
      const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
      const told = [
        await historyOf(stepFunctions, executionArn),
        execution.input,
        execution.output,
        execution.cause,
      ];
      texts.set(name, JSON.stringify(told));
    }
  }
  return texts;
}

const historyOf = (stepFunctions: SFNClient, executionArn: string | undefined) =>
  pagesOf((nextToken: string | undefined) =>
    stepFunctions
      .send(
        new GetExecutionHistoryCommand({
          executionArn,
          maxResults: 1_000,
          ...(nextToken ? { nextToken } : {}),
        }),
      )
      .then(({ events = [], nextToken: next }) => ({ items: events, next })),
  );
