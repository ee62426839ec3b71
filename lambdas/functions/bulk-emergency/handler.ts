/** The steps of the machine behind emergencies of many keys. It starts rotations and reads keys; it changes none. */
import { Logger } from '@aws-lambda-powertools/logger';
import { SFNClient } from '@aws-sdk/client-sfn';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoEmergencyRuns } from '../../adapters/dynamodb/dynamo-emergency-runs.ts';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { MachineExecutions } from '../../adapters/step-functions/machine-executions.ts';
import { StateMachine } from '../../adapters/step-functions/state-machine.ts';
import {
  type AdvanceInput,
  type AdvanceResult,
  advanceEmergency,
} from '../../core/use-cases/advance-emergency.ts';
import type { EmergencyDeps, RunStep } from '../../core/use-cases/emergency-deps.ts';
import { type PlanInput, type PlanResult, planEmergency } from '../../core/use-cases/plan-emergency.ts';
import { type ReportResult, reportEmergency } from '../../core/use-cases/report-emergency.ts';
import { readEnvironment } from '../environment.ts';
import { failureFrom } from '../failure.ts';
import { faultOf } from '../fault.ts';
import type { BulkEmergencyEnv } from './env.ts';

type StepEvent =
  | (PlanInput & { readonly step: 'plan' })
  | (AdvanceInput & { readonly step: 'advance' })
  /** With what a Catch hands over when the run could not go on. */
  | (RunStep & { readonly step: 'report'; readonly error?: unknown });

/** At 25 keys a batch, 40 KB of ids: what a state may carry is 256 KB, also if each batch came back with an error. */
const ROUND_BATCHES = 100;
/** Of the function's minute; the answer and one more page take the rest. */
const LONGEST_PLAN_MS = 20_000;

const logger = new Logger({ serviceName: 'keyturn-bulk-emergency' });
const env = readEnvironment([
  'TABLE_NAME',
  'ROTATION_MACHINE_ARN',
  'BATCH_KEYS',
] as const satisfies readonly (keyof BulkEmergencyEnv)[]);
const documents = documentClient();
const stepFunctions = new SFNClient({});
const deps: EmergencyDeps = {
  runs: new DynamoEmergencyRuns(documents, env.TABLE_NAME),
  store: new DynamoKeyStore(documents, env.TABLE_NAME),
  machine: new StateMachine(stepFunctions, env.ROTATION_MACHINE_ARN),
  executions: new MachineExecutions(stepFunctions),
  clock: Date.now,
  onFailure: (keyId, error) =>
    logger.warn('A key of an emergency waits for another try', { keyId, ...faultOf(error) }),
};
const limits = {
  batchKeys: Number(env.BATCH_KEYS),
  roundBatches: ROUND_BATCHES,
  longestMs: LONGEST_PLAN_MS,
};

export async function handler(event: StepEvent): Promise<PlanResult | AdvanceResult | ReportResult> {
  const { step, runId, attempt } = event;
  try {
    const result = await run(event);
    logger.info('step', { step, runId, attempt, next: result.next, keys: keysIn(result) });
    return result;
  } catch (error) {
    logger.error('The step failed', { step, runId, attempt, ...faultOf(error) });
    throw error;
  }
}

/** Fields are picked by name: what else an event brings stays out of the next state. */
function run(event: StepEvent): Promise<PlanResult | AdvanceResult | ReportResult> {
  const { runId, attempt } = event;
  switch (event.step) {
    case 'plan':
      return planEmergency(deps, { runId, attempt, place: event.place }, limits);
    case 'advance':
      return advanceEmergency(deps, { runId, attempt, keyIds: event.keyIds, round: event.round });
    case 'report':
      return reportEmergency(deps, {
        runId,
        attempt,
        ...(event.error === undefined ? {} : { failure: failureFrom(event.error) }),
      });
  }
}

function keysIn(result: PlanResult | AdvanceResult | ReportResult): number | undefined {
  if ('keyIds' in result) return result.keyIds.length;
  return 'batches' in result ? result.batches?.flatMap(({ keyIds }) => keyIds).length : undefined;
}
