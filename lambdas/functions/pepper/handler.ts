/** The steps of the pepper machine: the one function that may write the pepper secret. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoPepperFaults } from '../../adapters/dynamodb/dynamo-pepper-faults.ts';
import { DynamoKeyWalk } from '../../adapters/dynamodb/key-walk.ts';
import { DynamoPepperRecord } from '../../adapters/dynamodb/pepper-record.ts';
import { SecretsManagerPepperSecret } from '../../adapters/secrets-manager/pepper-secret.ts';
import { Misconfigured, PepperDamaged, type PepperFault, PepperMissing } from '../../core/domain/errors.ts';
import { addPepper } from '../../core/use-cases/add-pepper.ts';
import { beginPepperRun } from '../../core/use-cases/begin-pepper-run.ts';
import { countPepperNeeds } from '../../core/use-cases/count-pepper-needs.ts';
import { dropPeppers } from '../../core/use-cases/drop-peppers.ts';
import { makePepperCurrent } from '../../core/use-cases/make-pepper-current.ts';
import type { PepperCount, PepperDeps, PepperStepResult } from '../../core/use-cases/pepper-deps.ts';
import { PepperFaultMeter } from '../../core/use-cases/pepper-fault-meter.ts';
import { parsePepperOrder } from '../../core/use-cases/pepper-order.ts';
import { settleFailure } from '../../core/use-cases/record-pepper.ts';
import { readEnvironment } from '../environment.ts';
import { failureFrom } from '../failure.ts';
import { pepperFaultMetrics } from '../pepper-fault.ts';
import type { PepperEnv } from './env.ts';

/** What the state machine passes: the execution's name and its own input, and what the step before answered. */
type StepEvent = { readonly executionId: string; readonly request: unknown } & (
  | { readonly step: 'begin' | 'add' }
  | { readonly step: 'make-current'; readonly pepperVersion: string }
  | { readonly step: 'count' | 'drop'; readonly count: PepperCount }
  | { readonly step: 'note-failure'; readonly error: unknown }
  | { readonly step: 'note-refusal'; readonly message: string }
);

const logger = new Logger({ serviceName: 'keyturn-pepper' });
const env = readEnvironment([
  'TABLE_NAME',
  'PEPPER_SECRET_ID',
] as const satisfies readonly (keyof PepperEnv)[]);
const documents = documentClient();
const deps: PepperDeps = {
  secret: new SecretsManagerPepperSecret(new SecretsManagerClient({}), env.PEPPER_SECRET_ID),
  record: new DynamoPepperRecord(documents, env.TABLE_NAME),
  keys: new DynamoKeyWalk(documents, env.TABLE_NAME),
  clock: Date.now,
  randomBytes,
};
const faults = new PepperFaultMeter(new DynamoPepperFaults(documents, env.TABLE_NAME), 'pepper', 0);

export async function handler(event: StepEvent): Promise<PepperStepResult> {
  const { step, executionId } = event;
  try {
    const result = await run(event);
    const { next, pepperVersion, dropped, missing = [], altered = [] } = result;
    logger.info('step', { step, executionId, next, pepperVersion, dropped });
    if (missing.length > 0) {
      const what = `Versions need peppers that are not there: ${missing.join(', ')}.`;
      await tellOf(executionId, new PepperMissing(what, missing));
    }
    if (altered.length > 0) {
      const what = `Peppers are not what was added: ${altered.join(', ')}.`;
      await tellOf(executionId, new PepperDamaged(what, altered));
    }
    return result;
  } catch (error) {
    const { name, message } = error as Error;
    const metrics = pepperFaultMetrics(error, Date.now());
    logger.error('The step failed', { step, executionId, fault: name, cause: message, ...metrics });
    await faults.note(error, Date.now());
    throw error;
  }
}

async function run(event: StepEvent): Promise<PepperStepResult> {
  const { executionId, request } = event;
  if (event.step === 'note-failure') return failed(executionId, request, failureFrom(event.error));
  if (event.step === 'note-refusal') return failed(executionId, request, event.message);
  const order = parsePepperOrder(request);
  if (!order.ok) return refuse(event.step, `${order.message} ${order.hint}`);
  const of = { executionId, order: order.value };
  switch (event.step) {
    case 'begin':
      return beginPepperRun(deps, of);
    case 'add':
      return addPepper(deps, of);
    case 'make-current':
      return makePepperCurrent(deps, of, event.pepperVersion);
    case 'count':
      return countPepperNeeds(deps, event.count);
    case 'drop':
      return dropPeppers(deps, of, event.count);
  }
}

/** After the first step there is nothing to refuse any more: what it took, it took. */
function refuse(step: StepEvent['step'], message: string): PepperStepResult {
  if (step !== 'begin') throw new Misconfigured(message);
  return { next: 'refuse', message };
}

/** Whatever was asked for, and however little of it can be read. @returns why, for the end of the execution */
async function failed(executionId: string, request: unknown, why: string): Promise<PepperStepResult> {
  const order = parsePepperOrder(request);
  const asked = order.ok
    ? { purpose: order.value.purpose, initiatedBy: order.value.initiatedBy }
    : { purpose: 'unknown' };
  return { next: 'refuse', message: await settleFailure(deps, executionId, why, asked) };
}

/** No reason for this step to fail, and for an alarm. */
async function tellOf(executionId: string, fault: PepperFault): Promise<void> {
  const metrics = pepperFaultMetrics(fault, Date.now());
  const line = { executionId, fault: fault.name, cause: fault.message, ...metrics };
  logger.error('The pepper is not as it should be', line);
  await faults.note(fault, Date.now());
}
