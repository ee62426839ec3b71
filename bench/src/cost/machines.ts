/** The deployed machines' own files, and what stands in their place on the local cloud. */
import { readFileSync } from 'node:fs';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { credentials, REGION } from '../store/lambda-environment.ts';
import { type Playable, playable } from './play-machine.ts';

/**
 * Executions are started, looked at and stopped on the local cloud, and played in this process. One that waits can be
 * stopped; one that ends at once leaves nothing behind when there are thousands of them.
 */
export const STANDS_IN = {
  waits: { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 31_536_000, End: true } } },
  endsAtOnce: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
} as const;

/** @returns the ARN of a machine that stands in */
export async function createMachine(
  endpoint: string,
  name: string,
  definition: (typeof STANDS_IN)[keyof typeof STANDS_IN],
): Promise<string> {
  const { stateMachineArn } = await new SFNClient({ endpoint, region: REGION, credentials }).send(
    new CreateStateMachineCommand({
      name,
      roleArn: 'arn:aws:iam::000000000000:role/bench',
      definition: JSON.stringify(definition),
    }),
  );
  return stateMachineArn as string;
}

export const rotationMachine = (): Playable =>
  machineOf('rotation.asl.json', { LambdaInvoke: INVOKE, RotationFunctionArn: 'rotation' });

/** One batch after the other, so that what each step takes can be told from the rotations meanwhile. */
export const emergencyMachine = (): Playable =>
  machineOf('bulk-emergency.asl.json', {
    LambdaInvoke: INVOKE,
    BulkEmergencyFunctionArn: 'bulk-emergency',
    BatchesAtOnce: 1,
  });

export const pepperMachine = (): Playable =>
  machineOf('pepper.asl.json', { LambdaInvoke: INVOKE, PepperFunctionArn: 'pepper' });

const INVOKE = 'arn:aws:states:::lambda:invoke';

/** @param values what CloudFormation, and for numbers the stack, puts in place */
function machineOf(file: string, values: Readonly<Record<string, string | number>>): Playable {
  const text = readFileSync(new URL(`../../../state-machines/${file}`, import.meta.url), 'utf8');
  const filled = Object.entries(values).reduce(
    (definition, [name, value]) =>
      definition
        .replaceAll(`"\${${name}}"`, () => JSON.stringify(value))
        .replaceAll(`\${${name}}`, () => String(value)),
    text,
  );
  return playable(JSON.parse(filled));
}
