/** The model's stories on the adapters and a real table: every invariant holds, and all ends as it does in memory. */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, it } from 'vitest';
import { DynamoDueKeys } from '../../lambdas/adapters/dynamodb/due-keys.ts';
import { DynamoEmergencyRuns } from '../../lambdas/adapters/dynamodb/dynamo-emergency-runs.ts';
import { DynamoKeyStore } from '../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { DynamoUseStore } from '../../lambdas/adapters/dynamodb/dynamo-use-store.ts';
import { DynamoKeyWalk } from '../../lambdas/adapters/dynamodb/key-walk.ts';
import { DynamoPepperRecord } from '../../lambdas/adapters/dynamodb/pepper-record.ts';
import { SignedKeyReader } from '../../lambdas/adapters/signed-http/signed-key-reader.ts';
import { SignedUseWriter } from '../../lambdas/adapters/signed-http/signed-use-writer.ts';
import { check, shortestStory } from '../model/check.ts';
import { memoryStage, stageOn } from '../model/memory-stage.ts';
import type { Backend } from '../model/parts.ts';
import { play } from '../model/play.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { createTable, deleteTable, documents, signedCall } from './support/own-table.ts';

const COMMANDS = 400;

/** One for each story: a sweep finds the keys of its own. */
const tables: string[] = [];

afterAll(() => Promise.all(tables.map(deleteTable)));

async function dynamoBackend(): Promise<Backend> {
  const table = `model-${process.pid}-${tables.length + 1}`;
  await createTable(table);
  tables.push(table);
  return {
    store: new DynamoKeyStore(documents, table),
    uses: new DynamoUseStore(documents, table),
    due: new DynamoDueKeys(documents, table),
    runs: new DynamoEmergencyRuns(documents, table),
    pepperRecord: new DynamoPepperRecord(documents, table),
    keys: new DynamoKeyWalk(documents, table),
    reader: new SignedKeyReader(signedCall, table),
    writer: new SignedUseWriter(signedCall, table),
    dump: async () => (await documents.send(new ScanCommand({ TableName: table }))).Items,
  };
}

it(`${COMMANDS} commands and more on DynamoDB keep every invariant, and each story goes as it does in memory`, async () => {
  const seed = Date.now() % 1_000_000_000;
  const stage = async () => stageOn(await dynamoBackend(), new ManualClock());
  const told: { readonly here: unknown; readonly inMemory: unknown }[] = [];

  const { finding, commands } = await check({
    stage,
    seed,
    commands: COMMANDS,
    mostRounds: 30,
    onPlayed: async (scenario, { rounds }) => {
      const inMemory = await play(memoryStage(), scenario);
      told.push({ here: rounds, inMemory: inMemory.rounds });
    },
  });

  if (finding) expect.fail(`Seed ${seed}. ${await shortestStory(stage, finding)}`);
  expect(commands).toBeGreaterThanOrEqual(COMMANDS);
  for (const { here, inMemory } of told) expect(here, `Seed ${seed}`).toEqual(inMemory);
});
