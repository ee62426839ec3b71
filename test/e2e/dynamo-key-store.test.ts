/** The adapters on a real table and a real key service keep the contracts that the unit tests' fakes keep. */
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll } from 'vitest';
import { DynamoAuditChains } from '../../lambdas/adapters/dynamodb/dynamo-audit-chains.ts';
import { DynamoAuditReader } from '../../lambdas/adapters/dynamodb/dynamo-audit-reader.ts';
import { DynamoClaimTries } from '../../lambdas/adapters/dynamodb/dynamo-claim-tries.ts';
import { DynamoEmergencyRuns } from '../../lambdas/adapters/dynamodb/dynamo-emergency-runs.ts';
import { DynamoKeyStore } from '../../lambdas/adapters/dynamodb/dynamo-key-store.ts';
import { DynamoMailBlocks } from '../../lambdas/adapters/dynamodb/dynamo-mail-blocks.ts';
import { DynamoMinuteReader } from '../../lambdas/adapters/dynamodb/dynamo-minute-reader.ts';
import { DynamoNonces } from '../../lambdas/adapters/dynamodb/dynamo-nonces.ts';
import { DynamoOutbox } from '../../lambdas/adapters/dynamodb/dynamo-outbox.ts';
import { DynamoOwnerSettings } from '../../lambdas/adapters/dynamodb/dynamo-owner-settings.ts';
import { DynamoPepperFaults } from '../../lambdas/adapters/dynamodb/dynamo-pepper-faults.ts';
import { DynamoPolicyLedger } from '../../lambdas/adapters/dynamodb/dynamo-policy-ledger.ts';
import { DynamoRotations } from '../../lambdas/adapters/dynamodb/dynamo-rotations.ts';
import { DynamoUseStore } from '../../lambdas/adapters/dynamodb/dynamo-use-store.ts';
import { DynamoWebhookLog } from '../../lambdas/adapters/dynamodb/dynamo-webhook-log.ts';
import { DynamoWebhooks } from '../../lambdas/adapters/dynamodb/dynamo-webhooks.ts';
import { DynamoWrongKeys } from '../../lambdas/adapters/dynamodb/dynamo-wrong-keys.ts';
import { DynamoKeyWalk } from '../../lambdas/adapters/dynamodb/key-walk.ts';
import { DynamoPepperRecord } from '../../lambdas/adapters/dynamodb/pepper-record.ts';
import { EnvelopeSealer } from '../../lambdas/adapters/kms/envelope-sealer.ts';
import { SecretsManagerPepperSecret } from '../../lambdas/adapters/secrets-manager/pepper-secret.ts';
import { SignedKeyReader } from '../../lambdas/adapters/signed-http/signed-key-reader.ts';
import { SignedPepperFaultWriter } from '../../lambdas/adapters/signed-http/signed-pepper-fault-writer.ts';
import { SignedUseWriter } from '../../lambdas/adapters/signed-http/signed-use-writer.ts';
import { SignedWrongKeyWriter } from '../../lambdas/adapters/signed-http/signed-wrong-key-writer.ts';
import { auditChainsContract } from '../support/audit-chains-contract.ts';
import { auditReaderContract } from '../support/audit-reader-contract.ts';
import { claimTriesContract } from '../support/claim-tries-contract.ts';
import { keySealerContract } from '../support/key-sealer-contract.ts';
import { keyStoreContract } from '../support/key-store-contract.ts';
import { mailBlocksContract } from '../support/mail-blocks-contract.ts';
import { noncesContract } from '../support/nonces-contract.ts';
import { outboxContract } from '../support/outbox-contract.ts';
import { ownerSettingsContract } from '../support/owner-settings-contract.ts';
import { keyWalkContract, pepperRecordContract, pepperSecretContract } from '../support/pepper-contracts.ts';
import { pepperFaultsContract } from '../support/pepper-faults-contract.ts';
import { policyLedgerContract } from '../support/policy-ledger-contract.ts';
import { rotationsContract } from '../support/rotations-contract.ts';
import { runsContract } from '../support/runs-contract.ts';
import { useStoreContract } from '../support/use-store-contract.ts';
import { webhookLogContract, webhookStoreContract } from '../support/webhooks-contract.ts';
import { wrongKeysContract } from '../support/wrong-keys-contract.ts';
import { awsConfig } from './support/deployment.ts';
import { createTable, deleteTable, documents, signedCall } from './support/own-table.ts';
import { secrets } from './support/pepper.ts';

/** A table of its own, so that the deployed stack's keys are no part of what is listed here. */
const TABLE = `key-store-contract-${process.pid}`;

/** A walk meets all keys that there are. */
const WALKED = `key-walk-contract-${process.pid}`;

/** Questions without a restriction find all events that there are. */
const AUDITED = `audit-contract-${process.pid}`;

const TABLES = [TABLE, WALKED, AUDITED];

beforeAll(() => Promise.all(TABLES.map(createTable)));
afterAll(() => Promise.all(TABLES.map(deleteTable)));

keyStoreContract('DynamoKeyStore', async () => new DynamoKeyStore(documents, TABLE));

runsContract('DynamoEmergencyRuns', async () => new DynamoEmergencyRuns(documents, TABLE));

useStoreContract('SignedUseWriter, SignedKeyReader and DynamoUseStore', async () => {
  return {
    store: new DynamoKeyStore(documents, TABLE),
    reader: new SignedKeyReader(signedCall, TABLE),
    writer: new SignedUseWriter(signedCall, TABLE),
    uses: new DynamoUseStore(documents, TABLE),
    minutes: new DynamoMinuteReader(documents, TABLE),
  };
});

noncesContract('DynamoNonces', async () => new DynamoNonces(documents, TABLE));
auditChainsContract('DynamoAuditChains', async () => new DynamoAuditChains(documents, TABLE));
ownerSettingsContract('DynamoOwnerSettings', async () => ({
  owners: new DynamoOwnerSettings(documents, TABLE),
  chains: new DynamoAuditChains(documents, TABLE),
}));
wrongKeysContract('SignedWrongKeyWriter and DynamoWrongKeys', async () => ({
  ledger: new DynamoWrongKeys(documents, TABLE),
  writer: new SignedWrongKeyWriter(signedCall, TABLE),
  chains: new DynamoAuditChains(documents, TABLE),
}));
auditReaderContract('DynamoAuditReader', async () => ({
  store: new DynamoKeyStore(documents, AUDITED),
  chains: new DynamoAuditChains(documents, AUDITED),
  reader: new DynamoAuditReader(documents, AUDITED),
}));
mailBlocksContract('DynamoMailBlocks', async () => ({
  blocks: new DynamoMailBlocks(documents, TABLE),
  chains: new DynamoAuditChains(documents, TABLE),
}));
policyLedgerContract('DynamoPolicyLedger', async () => ({
  ledger: new DynamoPolicyLedger(documents, TABLE),
  reader: new DynamoAuditReader(documents, TABLE),
}));
claimTriesContract('DynamoClaimTries', async () => new DynamoClaimTries(documents, TABLE));

rotationsContract('DynamoKeyStore and DynamoRotations', async () => ({
  store: new DynamoKeyStore(documents, TABLE),
  rotations: new DynamoRotations(documents, TABLE),
}));

outboxContract('DynamoKeyStore and DynamoOutbox', async () => ({
  store: new DynamoKeyStore(documents, TABLE),
  outbox: new DynamoOutbox(documents, TABLE),
  chains: new DynamoAuditChains(documents, TABLE),
  webhooks: new DynamoWebhooks(documents, TABLE),
}));

webhookStoreContract('DynamoWebhooks', async () => new DynamoWebhooks(documents, TABLE));
webhookLogContract('DynamoWebhookLog', async () => new DynamoWebhookLog(documents, TABLE));

pepperRecordContract('DynamoPepperRecord', async () => new DynamoPepperRecord(documents, TABLE));

keyWalkContract('DynamoKeyStore and DynamoKeyWalk', async () => ({
  store: new DynamoKeyStore(documents, WALKED),
  walk: new DynamoKeyWalk(documents, WALKED),
}));

pepperSecretContract('SecretsManagerPepperSecret', async () => {
  const Name = `pepper-contract-${process.pid}`;
  const SecretString = JSON.stringify({ current: '1', '1': 'p'.repeat(64) });
  await secrets.send(new CreateSecretCommand({ Name, SecretString }));
  return new SecretsManagerPepperSecret(secrets, Name);
});

keySealerContract('EnvelopeSealer', async () => {
  const kms = new KMSClient(awsConfig);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'Sealer contract' }));
  return new EnvelopeSealer(kms, KeyMetadata?.KeyId as string);
});
// After the contract of the pepper's record, which begins with an empty chain.
pepperFaultsContract('SignedPepperFaultWriter and DynamoPepperFaults', async () => {
  const faults = new DynamoPepperFaults(documents, TABLE);
  return {
    ledger: faults,
    writers: [faults, new SignedPepperFaultWriter(signedCall, TABLE)],
    chains: new DynamoAuditChains(documents, TABLE),
  };
});
