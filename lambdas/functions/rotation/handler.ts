/** The steps of the rotation machine. One function, so that the second step of an emergency finds it warm. */
import { Logger } from '@aws-lambda-powertools/logger';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoPepperFaults } from '../../adapters/dynamodb/dynamo-pepper-faults.ts';
import { AuthorizerVerifier } from '../../adapters/lambda/authorizer-verifier.ts';
import { MachineExecutions } from '../../adapters/step-functions/machine-executions.ts';
import { abandonRotation } from '../../core/use-cases/abandon-rotation.ts';
import { activateVersion } from '../../core/use-cases/activate-version.ts';
import { beginRotation } from '../../core/use-cases/begin-rotation.ts';
import { deliverVersion, noteUndelivered } from '../../core/use-cases/deliver-version.ts';
import { generateVersion } from '../../core/use-cases/generate-version.ts';
import { type JudgeInput, judgeRotation } from '../../core/use-cases/judge-rotation.ts';
import { PepperFaultMeter } from '../../core/use-cases/pepper-fault-meter.ts';
import { retireVersion } from '../../core/use-cases/retire-version.ts';
import type { RotationDeps, StepInput, StepResult } from '../../core/use-cases/rotation-deps.ts';
import { verifyVersion } from '../../core/use-cases/verify-version.ts';
import { connect } from '../deployment.ts';
import { readEnvironment } from '../environment.ts';
import { failureFrom } from '../failure.ts';
import { faultOf } from '../fault.ts';
import { pepperFaultMetrics } from '../pepper-fault.ts';
import type { RotationEnv } from './env.ts';

/** What the state machine passes; `Begin` alone sees the execution's own input. */
type StepEvent =
  | {
      readonly step: 'begin';
      readonly rotationId: string;
      readonly executionArn: string;
      readonly startedAt: string;
      readonly request: unknown;
    }
  | (StepInput & { readonly step: 'generate' | 'verify' | 'activate' | 'deliver' | 'retire' })
  | (JudgeInput & { readonly step: 'judge' })
  | (StepInput & { readonly step: 'undelivered'; readonly error: unknown })
  | {
      readonly step: 'abandon';
      readonly rotationId: string;
      readonly request: unknown;
      readonly error: unknown;
    };

const logger = new Logger({ serviceName: 'keyturn-rotation' });
const { stepFunctions, notePolicies, ...deployment } = connect(logger);
const env = readEnvironment([
  'TABLE_NAME',
  'AUTHORIZER_FUNCTIONS',
  'EVIDENCE_LAG_SECONDS',
] as const satisfies readonly (keyof RotationEnv)[]);
const deps: RotationDeps = {
  ...deployment,
  evidenceLagSeconds: Number(env.EVIDENCE_LAG_SECONDS),
  verifier: new AuthorizerVerifier(
    new LambdaClient({}),
    env.AUTHORIZER_FUNCTIONS.split(',').filter((arn) => arn !== ''),
  ),
  executions: new MachineExecutions(stepFunctions),
};
const pepperFaults = new PepperFaultMeter(
  new DynamoPepperFaults(deployment.documents, env.TABLE_NAME),
  'rotation',
  0,
);

export async function handler(event: StepEvent): Promise<StepResult> {
  const { step, rotationId } = event;
  try {
    await notePolicies();
    const result = await run(event);
    logger.info('step', { step, rotationId, keyId: result.keyId, next: result.next });
    return result;
  } catch (error) {
    const metrics = pepperFaultMetrics(error, Date.now());
    logger.error('The step failed', { step, rotationId, ...faultOf(error), ...metrics });
    await pepperFaults.note(error, Date.now());
    throw error;
  }
}

function run(event: StepEvent): Promise<StepResult> | StepResult {
  switch (event.step) {
    case 'begin':
      return beginRotation(deps, { ...event, startedAtMs: Date.parse(event.startedAt) });
    case 'generate':
      return generateVersion(deps, stepOf(event));
    case 'verify':
      return verifyVersion(deps, stepOf(event));
    case 'activate':
      return activateVersion(deps, stepOf(event));
    case 'deliver':
      return deliverVersion(deps, stepOf(event));
    case 'undelivered':
      return noteUndelivered(deps, { ...stepOf(event), failure: failureFrom(event.error) });
    case 'judge':
      return judgeRotation(deps, { ...stepOf(event), deliversAgain: event.deliversAgain === true });
    case 'retire':
      return retireVersion(deps, stepOf(event));
    case 'abandon':
      return abandon(event);
  }
}

function abandon(event: Extract<StepEvent, { step: 'abandon' }>): Promise<StepResult> | StepResult {
  const { keyId } = (event.request ?? {}) as { readonly keyId?: unknown };
  const failure = failureFrom(event.error);
  const step = { keyId: typeof keyId === 'string' ? keyId : 'unknown', rotationId: event.rotationId };
  return step.keyId === 'unknown'
    ? { ...step, next: 'refuse', message: failure }
    : abandonRotation(deps, { ...step, failure });
}

const stepOf = ({ keyId, rotationId }: StepInput): StepInput => ({ keyId, rotationId });
