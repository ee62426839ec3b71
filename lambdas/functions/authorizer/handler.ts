/** The Lambda authorizer. Fails closed: what cannot be decided is an error, never an allow. */
import { Logger } from '@aws-lambda-powertools/logger';
import { PEPPER_FAULT_NOTE_MS, PEPPER_FAULT_WAIT_SECONDS } from '../../../rules/pepper-fault-timing.ts';
import { awsCaller } from '../../adapters/signed-http/aws-call.ts';
import { SignedKeyReader } from '../../adapters/signed-http/signed-key-reader.ts';
import { SignedPepperFaultWriter } from '../../adapters/signed-http/signed-pepper-fault-writer.ts';
import { signedPeppers } from '../../adapters/signed-http/signed-peppers.ts';
import { SignedUseWriter } from '../../adapters/signed-http/signed-use-writer.ts';
import { SignedWrongKeyWriter } from '../../adapters/signed-http/signed-wrong-key-writer.ts';
import type { VerificationAnswer, VerificationEvent } from '../../core/ports/verification.ts';
import { type AuthorizeDeps, authorize } from '../../core/use-cases/authorize.ts';
import { KeyMemory } from '../../core/use-cases/key-memory.ts';
import { PepperFaultMeter } from '../../core/use-cases/pepper-fault-meter.ts';
import { recognizeUnaccepted } from '../../core/use-cases/recognize-key.ts';
import { UseMeter } from '../../core/use-cases/use-meter.ts';
import { WrongKeyMeter } from '../../core/use-cases/wrong-key-meter.ts';
import { answerFor, type PolicyAnswer, type SimpleAnswer } from './answer.ts';
import { awsCallConfig } from './aws-call-config.ts';
import { logDecision, logFault } from './decision-log.ts';
import { readSettings } from './env.ts';
import { type GatewayEvent, requestFromEvent } from './request-from-event.ts';

const settings = readSettings();
const logger = new Logger({ serviceName: 'keyturn-authorizer' });
const callConfig = awsCallConfig(settings.urlSuffix);
const call = awsCaller(callConfig);
const reader = new SignedKeyReader(call, settings.tableName);
const peppers = signedPeppers(call, settings.pepperSecretId, Date.now);
const meter = new UseMeter(new SignedUseWriter(call, settings.tableName), settings.flushMs);
const wrongKeys = new WrongKeyMeter(
  new SignedWrongKeyWriter(call, settings.tableName),
  settings.wrongKeyWindowSeconds,
);
// An answer that is an error comes no later for being noted: one try, and a short one.
const hastyCall = awsCaller({ ...callConfig, timeoutMs: PEPPER_FAULT_NOTE_MS, attempts: 1 });
const pepperFaults = new PepperFaultMeter(
  new SignedPepperFaultWriter(hastyCall, settings.tableName),
  'authorizer',
  PEPPER_FAULT_WAIT_SECONDS * 1000,
);
const deps: AuthorizeDeps = {
  memory: new KeyMemory(reader, settings.memoryMs),
  meter,
  wrongKeys,
  peppers,
  clock: Date.now,
};

// While the environment starts it has a full CPU: the pepper and the connection to the table come in parallel. What
// fails here is tried again by the request that needs it. No key has this id.
await Promise.allSettled([peppers.warm(), reader.read('')]);

process.once('SIGTERM', () => {
  const nowMs = Date.now();
  void Promise.all([meter.flushAll(), wrongKeys.flushAll(nowMs), pepperFaults.flushAll(nowMs)]).finally(() =>
    process.exit(0),
  );
});

export async function handler(
  event: GatewayEvent | VerificationEvent,
): Promise<PolicyAnswer | SimpleAnswer | VerificationAnswer> {
  try {
    if (event.type === 'KEYTURN_VERIFICATION') return await verify(event);
    const request = requestFromEvent(event, settings.keyHeaders);
    const [decision] = await Promise.all([
      authorize(deps, settings.rules, request),
      pepperFaults.flushDue(Date.now()),
    ]);
    logDecision(logger, decision, requestIdOf(event));
    if (decision.outcome !== 'unauthenticated') return answerFor(event, decision, settings);
  } catch (error) {
    logFault(logger, error);
    await pepperFaults.note(error, Date.now());
    throw new Error('The authorizer could not decide.');
  }
  // This very word makes API Gateway answer 401; it says nothing of the reason.
  throw new Error('Unauthorized');
}

async function verify(event: VerificationEvent): Promise<VerificationAnswer> {
  const answer = await recognizeUnaccepted(deps, settings.rules, event.key);
  if (answer.outcome === 'unauthenticated') return { refused: answer.reason };
  const { keyId } = answer.key;
  const { version, status } = answer.version;
  return { recognized: { keyId, version, status } };
}

const requestIdOf = (event: GatewayEvent): string =>
  ('requestContext' in event ? event.requestContext?.requestId : undefined) ?? 'none';
