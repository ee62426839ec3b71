/** Puts on record what others see and may not write: use of retired keys, rotations that stand still, wrong keys, troubles with the pepper. */
import { Logger } from '@aws-lambda-powertools/logger';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoAuditChains } from '../../adapters/dynamodb/dynamo-audit-chains.ts';
import { DynamoKeyStore } from '../../adapters/dynamodb/dynamo-key-store.ts';
import { DynamoPepperFaults } from '../../adapters/dynamodb/dynamo-pepper-faults.ts';
import { DynamoWrongKeys } from '../../adapters/dynamodb/dynamo-wrong-keys.ts';
import { noteRetiredUse } from '../../core/use-cases/note-retired-use.ts';
import { noteStuckRotation } from '../../core/use-cases/note-stuck-rotation.ts';
import { tellPepperFaults } from '../../core/use-cases/tell-pepper-faults.ts';
import { tellWrongKeys } from '../../core/use-cases/tell-wrong-keys.ts';
import { readEnvironment } from '../environment.ts';
import { faultOf } from '../fault.ts';
import type { WatchEnv, WatchEvent } from './env.ts';

const env = readEnvironment([
  'TABLE_NAME',
  'WRONG_KEY_WINDOW_SECONDS',
] as const satisfies readonly (keyof WatchEnv)[]);
const logger = new Logger({ serviceName: 'keyturn-watch' });
const documents = documentClient();
const deps = {
  ledger: new DynamoWrongKeys(documents, env.TABLE_NAME),
  faults: new DynamoPepperFaults(documents, env.TABLE_NAME),
  chains: new DynamoAuditChains(documents, env.TABLE_NAME),
  store: new DynamoKeyStore(documents, env.TABLE_NAME),
  clock: Date.now,
};

/** @returns how many events went on record. Fails, and so is called again, when one could not */
export async function handler({ retired, stuck }: WatchEvent): Promise<{ readonly told: number }> {
  if (!retired && !stuck) return { told: await tellCounted() };
  const news = await Promise.all([
    ...(retired ?? []).map((use) => heard(use.keyId, noteRetiredUse(deps, use))),
    ...(stuck ?? []).map((rotation) => heard(rotation.keyId, noteStuckRotation(deps, rotation))),
  ]);
  if (news.includes('failed')) throw new Error('Not everything could be put on record.');
  return { told: news.filter((each) => each === true).length };
}

/** Whatever keeps one kind of them back keeps no other. */
async function tellCounted(): Promise<number> {
  const kinds = await Promise.allSettled([wrongKeys(), pepperFaults()]);
  for (const kind of kinds) if (kind.status === 'rejected') throw kind.reason;
  return kinds.reduce((sum, kind) => sum + (kind.status === 'fulfilled' ? kind.value : 0), 0);
}

async function wrongKeys(): Promise<number> {
  const { told, requests } = await tellWrongKeys(deps, Number(env.WRONG_KEY_WINDOW_SECONDS));
  if (told > 0) logger.warn('Requests with wrong keys are on record', { told, requests });
  return told;
}

async function pepperFaults(): Promise<number> {
  const told = await tellPepperFaults(deps);
  if (told > 0) logger.warn('Troubles with the pepper are on record', { told });
  return told;
}

/** One key that cannot be written keeps no other from being put on record. */
async function heard(keyId: string, noted: Promise<boolean>): Promise<boolean | 'failed'> {
  try {
    return await noted;
  } catch (error) {
    logger.error('Something could not be put on record', { keyId, ...faultOf(error) });
    return 'failed';
  }
}
