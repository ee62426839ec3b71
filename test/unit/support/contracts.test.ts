/** The fakes that the unit tests stand on keep the same contracts as the adapters. */

import { auditChainsContract } from '../../support/audit-chains-contract.ts';
import { auditReaderContract } from '../../support/audit-reader-contract.ts';
import { claimTriesContract } from '../../support/claim-tries-contract.ts';
import { keyPlaceContract } from '../../support/key-place-contract.ts';
import { keySealerContract } from '../../support/key-sealer-contract.ts';
import { keyStoreContract } from '../../support/key-store-contract.ts';
import { mailBlocksContract } from '../../support/mail-blocks-contract.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { MemoryAuditChains } from '../../support/memory-audit-chains.ts';
import { MemoryAuditReader } from '../../support/memory-audit-reader.ts';
import { MemoryClaimTries } from '../../support/memory-claim-tries.ts';
import { MemoryKeyReader } from '../../support/memory-key-reader.ts';
import { MemoryKeyStore } from '../../support/memory-key-store.ts';
import { MemoryKeyWalk } from '../../support/memory-key-walk.ts';
import { MemoryMailBlocks } from '../../support/memory-mail-blocks.ts';
import { MemoryNonces } from '../../support/memory-nonces.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryOwnerSettings } from '../../support/memory-owner-settings.ts';
import { MemoryPepperFaults } from '../../support/memory-pepper-faults.ts';
import { MemoryPepperRecord } from '../../support/memory-pepper-record.ts';
import { MemoryPepperSecret } from '../../support/memory-pepper-secret.ts';
import { MemoryPlace } from '../../support/memory-place.ts';
import { MemoryPolicyLedger } from '../../support/memory-policy-ledger.ts';
import { MemoryRotations } from '../../support/memory-rotations.ts';
import { MemoryRuns } from '../../support/memory-runs.ts';
import { MemorySealer } from '../../support/memory-sealer.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { MemoryUses } from '../../support/memory-uses.ts';
import { MemoryWebhooks } from '../../support/memory-webhooks.ts';
import { MemoryWrongKeys } from '../../support/memory-wrong-keys.ts';
import { noncesContract } from '../../support/nonces-contract.ts';
import { outboxContract } from '../../support/outbox-contract.ts';
import { ownerSettingsContract } from '../../support/owner-settings-contract.ts';
import {
  keyWalkContract,
  pepperRecordContract,
  pepperSecretContract,
} from '../../support/pepper-contracts.ts';
import { pepperFaultsContract } from '../../support/pepper-faults-contract.ts';
import { policyLedgerContract } from '../../support/policy-ledger-contract.ts';
import { rotationsContract } from '../../support/rotations-contract.ts';
import { runsContract } from '../../support/runs-contract.ts';
import { useStoreContract } from '../../support/use-store-contract.ts';
import { wrongKeysContract } from '../../support/wrong-keys-contract.ts';

keyStoreContract('MemoryKeyStore', async () => new MemoryKeyStore(new MemoryTable()));

outboxContract('MemoryKeyStore and MemoryOutbox', async () => {
  const table = new MemoryTable();
  return {
    store: new MemoryKeyStore(table),
    outbox: new MemoryOutbox(table),
    chains: new MemoryAuditChains(table),
    webhooks: new MemoryWebhooks(table),
  };
});

useStoreContract('MemoryUses and MemoryKeyReader', async () => {
  const table = new MemoryTable();
  const uses = new MemoryUses(table);
  const [store, reader] = [new MemoryKeyStore(table), new MemoryKeyReader(table)];
  return { store, reader, writer: uses, uses, minutes: uses };
});

ownerSettingsContract('MemoryOwnerSettings', async () => {
  const table = new MemoryTable();
  return { owners: new MemoryOwnerSettings(table), chains: new MemoryAuditChains(table) };
});

rotationsContract('MemoryKeyStore and MemoryRotations', async () => {
  const table = new MemoryTable();
  return { store: new MemoryKeyStore(table), rotations: new MemoryRotations(table) };
});

keyPlaceContract('MemoryPlace', async () => {
  const place = new MemoryPlace();
  return {
    place,
    destination: (keyId) => ({ kind: 'vault', path: keyId }),
    read: async (keyId) => place.read(keyId),
    writes: async (keyId) => place.versions.get(keyId)?.length ?? 0,
  };
});

keySealerContract('MemorySealer', async () => new MemorySealer());

runsContract('MemoryRuns', async () => {
  const runs = new MemoryRuns();
  runs.pageKeys = 50;
  return runs;
});

wrongKeysContract('MemoryWrongKeys', async () => {
  const table = new MemoryTable();
  const wrongKeys = new MemoryWrongKeys(table);
  return { ledger: wrongKeys, writer: wrongKeys, chains: new MemoryAuditChains(table) };
});
pepperFaultsContract('MemoryPepperFaults', async () => {
  const table = new MemoryTable();
  const faults = new MemoryPepperFaults(table);
  return { ledger: faults, writers: [faults, faults], chains: new MemoryAuditChains(table) };
});
auditChainsContract('MemoryAuditChains', async () => new MemoryAuditChains(new MemoryTable()));
auditReaderContract('MemoryAuditReader', async () => {
  const table = new MemoryTable();
  return {
    store: new MemoryKeyStore(table),
    chains: new MemoryAuditChains(table),
    reader: new MemoryAuditReader(table),
  };
});
policyLedgerContract('MemoryPolicyLedger', async () => {
  const table = new MemoryTable();
  return { ledger: new MemoryPolicyLedger(table), reader: new MemoryAuditReader(table) };
});
claimTriesContract('MemoryClaimTries', async () => new MemoryClaimTries());
mailBlocksContract('MemoryMailBlocks', async () => {
  const table = new MemoryTable();
  return { blocks: new MemoryMailBlocks(table), chains: new MemoryAuditChains(table) };
});
noncesContract('MemoryNonces', async () => new MemoryNonces());
pepperSecretContract('MemoryPepperSecret', async () => new MemoryPepperSecret(new ManualClock().read));

pepperRecordContract('MemoryPepperRecord', async () => new MemoryPepperRecord());

keyWalkContract('MemoryKeyWalk', async () => {
  const table = new MemoryTable();
  return { store: new MemoryKeyStore(table), walk: new MemoryKeyWalk(table, new ManualClock().read) };
});
