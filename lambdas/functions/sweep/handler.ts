/** Once a day: starts the rotations that are due. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import { SWEEP_RESERVED_MS, SWEEP_SPREAD_MS } from '../../../rules/sweep-timing.ts';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoDueKeys } from '../../adapters/dynamodb/due-keys.ts';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { StateMachine } from '../../adapters/step-functions/state-machine.ts';
import { type SweepDeps, type SweepReport, sweepDueKeys } from '../../core/use-cases/sweep-due-keys.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import type { SweepEnv } from './env.ts';
import { logSweep } from './sweep-log.ts';

const logger = new Logger({ serviceName: 'keyturn-sweep' });
const env = readEnvironment([
  'TABLE_NAME',
  'ROTATION_MACHINE_ARN',
  'STARTS_PER_SECOND',
] as const satisfies readonly (keyof SweepEnv)[]);
const documents = documentClient();
const deps: SweepDeps = {
  store: new DynamoKeyStore(documents, env.TABLE_NAME),
  due: new DynamoDueKeys(documents, env.TABLE_NAME),
  machine: new StateMachine(new SFNClient({}), env.ROTATION_MACHINE_ARN),
  clock: Date.now,
  sleep,
  random: Math.random,
  onFailure: (keyId, error) =>
    logger.error('A due rotation could not be started', { keyId, ...faultOf(error) }),
};

export async function handler(
  _event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SweepReport> {
  const report = await sweepDueKeys(deps, {
    startsPerSecond: Number(env.STARTS_PER_SECOND),
    spreadMs: SWEEP_SPREAD_MS,
    endsAtMs: Date.now() + context.getRemainingTimeInMillis() - SWEEP_RESERVED_MS,
  });
  logSweep(logger, report, Date.now());
  return report;
}
