/** The table, the pepper and the two KMS keys. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { DynamoKeyStore } from '../../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { META, partitionOf } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { useUpdate } from '../../../lambdas/adapters/dynamodb/use-item.ts';
import { parsePeppers } from '../../../lambdas/core/domain/peppers.ts';
import { TABLE_INDEXES } from '../../../rules/table-indexes.ts';
import { issuedKey } from '../../support/issued-key.ts';
import { sampleChange, sampleKey, sampleNotice, sampleRotation } from '../../support/sample-records.ts';
import { deployedTemplate, keyturnTemplate } from '../../support/synth.ts';
import { only, resources } from '../../support/template.ts';

interface Table {
  readonly KeySchema: readonly KeyPart[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: string;
  }[];
  readonly GlobalSecondaryIndexes: readonly {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyPart[];
    readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
  }[];
}
interface KeyPart {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

const template = deployedTemplate();
const table = only(template, 'AWS::DynamoDB::Table');
const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = table.properties as unknown as Table;

type Item = Record<string, unknown>;

/** Every item that is put, as the adapter sends it. */
async function itemsPut(act: (store: DynamoKeyStore) => Promise<unknown>): Promise<Item[]> {
  const items: Item[] = [];
  const send = async ({ input }: { input: { TransactItems: { Put?: { Item: Item } }[] } }) =>
    items.push(...input.TransactItems.flatMap(({ Put }) => (Put ? [Put.Item] : [])));
  await act(new DynamoKeyStore({ send } as never, 'T'));
  return items;
}

/** What issuing a key writes. */
async function itemsOfANewKey(): Promise<Item[]> {
  const { record, event } = await issuedKey();
  return itemsPut((store) => store.insert(record, event, undefined, [sampleNotice(record.keyId)]));
}

/** What stays of a rotation. */
async function itemOfARotation(): Promise<Item> {
  const { record } = sampleKey('Ab3dEf7hIj9L');
  const rotation = sampleRotation({ status: 'completed', endedAtMs: 1 });
  const items = await itemsPut((store) => store.save(sampleChange(record, { rotation })));
  return items.at(-1) as Item;
}

describe('the table', () => {
  it('is encrypted with its own key, can be restored to any second, and is paid by request', () => {
    const dataKey = only(template, 'AWS::KMS::Key', 'KeysStoreDataKey').id;
    expect(table.properties).toMatchObject({
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: { 'Fn::GetAtt': [dataKey, 'Arn'] },
      },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  it('lets go what expires by the attribute that use counters carry', () => {
    expect(table.properties['TimeToLiveSpecification']).toEqual({ AttributeName: 'ttl', Enabled: true });
    const use = { keyId: 'k', version: 1, hourMs: 0, requests: 1, deprecatingRequests: 0, lastUsedAtMs: 0 };
    expect(Object.values(useUpdate({ ...use, minutes: {}, callers: [] }).ExpressionAttributeNames)).toContain(
      'ttl',
    );
  });

  it('has the keys under which items are written', async () => {
    expect(KeySchema.map(({ AttributeName, KeyType }) => [KeyType, AttributeName])).toEqual([
      ['HASH', 'pk'],
      ['RANGE', 'sk'],
    ]);
    const [meta] = await itemsOfANewKey();
    expect(meta).toMatchObject({ pk: partitionOf(String(meta?.['keyId'])), sk: META });
  });

  it('has the indexes that the adapters read, and no other', () => {
    expect(GlobalSecondaryIndexes.map(({ IndexName }) => IndexName).sort()).toEqual(
      TABLE_INDEXES.map(({ name }) => name).sort(),
    );
  });

  it('carries what is read from an index, and nothing but keys in the others', () => {
    for (const { IndexName, Projection } of GlobalSecondaryIndexes) {
      const carries = TABLE_INDEXES.find(({ name }) => name === IndexName)?.carries;
      expect(Projection).toEqual(
        carries ? { ProjectionType: 'INCLUDE', NonKeyAttributes: carries } : { ProjectionType: 'KEYS_ONLY' },
      );
    }
  });

  it.each(GlobalSecondaryIndexes)(
    'fills $IndexName: items carry both parts of its key as text',
    async (index) => {
      const names = index.KeySchema.map(({ AttributeName }) => AttributeName);
      expect(names).toHaveLength(2);
      const items = [...(await itemsOfANewKey()), await itemOfARotation()];
      const indexed = items.filter((item) => names.every((name) => typeof item[name] === 'string'));
      expect(indexed).toHaveLength(1);
      for (const name of names) {
        expect(AttributeDefinitions).toContainEqual({ AttributeName: name, AttributeType: 'S' });
      }
    },
  );

  it('stays when the stack goes, unless the deployment is a throw-away', () => {
    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.properties['DeletionProtectionEnabled']).toBe(true);
    const thrownAway = keyturnTemplate({ keys: { removalPolicy: RemovalPolicy.DESTROY } });
    expect(only(thrownAway, 'AWS::DynamoDB::Table')).toMatchObject({
      DeletionPolicy: 'Delete',
      properties: { DeletionProtectionEnabled: false },
    });
  });
});

describe('the KMS keys', () => {
  it('stay when the stack goes, and are rotated by KMS if it can: what signs has one public half', () => {
    const keys = resources(template, 'AWS::KMS::Key');
    const rotated = Object.fromEntries(
      keys.map(({ id, properties }) => [id.replace(/[0-9A-F]{8}$/, ''), properties['EnableKeyRotation']]),
    );
    expect(rotated).toEqual({
      KeysStoreDataKey: true,
      KeysStoreSealKey: true,
      KeysSecurityKey: true,
      KeysAuditTrailSigningKey: undefined,
    });
    for (const key of keys) expect(key.DeletionPolicy).toBe('Retain');
  });
});

describe('the pepper', () => {
  const secret = only(template, 'AWS::SecretsManager::Secret', 'KeysStorePepper');

  it('is encrypted, stays when the stack goes, and has no value in the template', () => {
    const dataKey = only(template, 'AWS::KMS::Key', 'KeysStoreDataKey').id;
    expect(secret.properties['KmsKeyId']).toEqual({ 'Fn::GetAtt': [dataKey, 'Arn'] });
    expect(secret.properties).not.toHaveProperty('SecretString');
    expect(secret.DeletionPolicy).toBe('Retain');
  });

  it('is generated in the form that the functions read', () => {
    const generated = secret.properties['GenerateSecretString'] as {
      readonly SecretStringTemplate: string;
      readonly GenerateStringKey: string;
      readonly PasswordLength: number;
    };
    const text = JSON.stringify({
      ...JSON.parse(generated.SecretStringTemplate),
      [generated.GenerateStringKey]: 'x'.repeat(generated.PasswordLength),
    });
    const peppers = parsePeppers(text);
    expect(peppers.current).toBe('1');
    expect(peppers.secrets.get('1')?.byteLength).toBe(64);
  });
});
