/** Rotations of keys of every delivery, in turns: how long each takes to its wait for clients, and what it calls. */
import { generateKeyPairSync } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import type { DeliverySettings } from '../../../lambdas/functions/delivery.ts';
import type { Progress } from '../../../local/progress.ts';
import { CountedDeployment } from '../cost/counted-deployment.ts';
import { machine } from '../machine.ts';
import { credentials, REGION } from '../store/lambda-environment.ts';
import { withLocalStore } from '../store/local-store.ts';
import { type CountedVault, withVault } from './counted-vault.ts';
import { type DeliveriesResults, type DeliveryResult, MEASURED, type MeasuredDelivery } from './results.ts';

export interface DeliveriesPlan {
  readonly warmUps: number;
  readonly rounds: number;
}

export const FULL_DELIVERIES: DeliveriesPlan = { warmUps: 5, rounds: 40 };
export const QUICK_DELIVERIES: DeliveriesPlan = { warmUps: 1, rounds: 3 };

const SENDER = 'keys@example.com';
const VAULT_SECRET = 'keyturn-bench/vault';
const CLAIM_PAGE = 'https://keys.example.com/claim';

export function measureDeliveries(progress: Progress, plan: DeliveriesPlan): Promise<DeliveriesResults> {
  const about = { date: new Date().toISOString(), machine: machine() };
  return withVault((vault) =>
    withLocalStore(progress, async (store) => {
      const config = { endpoint: store.endpoint, region: REGION, credentials };
      await new SESClient(config).send(new VerifyEmailIdentityCommand({ EmailAddress: SENDER }));
      await new SecretsManagerClient(config).send(
        new CreateSecretCommand({ Name: VAULT_SECRET, SecretString: vault.credentials }),
      );
      const deliveries = await CountedDeployment.open(
        store,
        // What tells of a rotation does so after it, the same for each delivery.
        { rotations: 'waits', streams: false, deliveriesUnder: (sealKeyId) => settingsOf(vault, sealKeyId) },
        (deployment) => progress.step('Rotating by every delivery', () => inTurns(deployment, vault, plan)),
      );
      return { ...about, emulator: store.version, vault: vault.version, deliveries };
    }),
  );
}

const settingsOf = ({ address }: CountedVault, kmsKeyId: string): DeliverySettings => ({
  claimLink: { pageUrl: CLAIM_PAGE },
  mail: { from: SENDER, configurationSet: 'bench' },
  secrets: {
    endpoint: '',
    account: '000000000000',
    kmsKeyId,
    rotationFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:secret-rotation',
    rotationRoleArn: 'arn:aws:iam::000000000000:role/secret-rotation',
    schedule: true,
    recoveryDays: 30,
  },
  vault: {
    address,
    mount: 'secret',
    authMount: 'approle',
    method: 'approle',
    credentialsSecretId: VAULT_SECRET,
    endpoint: '',
    backupBucket: '',
  },
});

async function inTurns(
  deployment: CountedDeployment,
  vault: CountedVault,
  { warmUps, rounds }: DeliveriesPlan,
): Promise<DeliveriesResults['deliveries']> {
  const measured = new Map<MeasuredDelivery, DeliveryResult>();
  for (let round = 0; round < warmUps + rounds; round += 1) {
    const turn = round % MEASURED.length;
    // Each round begins with another one.
    for (const delivery of [...MEASURED.slice(turn), ...MEASURED.slice(0, turn)]) {
      const rotated = await rotate(deployment, vault, delivery);
      if (round < warmUps) continue;
      const before = measured.get(delivery)?.milliseconds ?? [];
      measured.set(delivery, { ...rotated, milliseconds: [...before, ...rotated.milliseconds] });
    }
  }
  return Object.fromEntries(measured) as DeliveriesResults['deliveries'];
}

/** A key of its own each time, whose first version is in its place; only the rotation is measured. */
async function rotate(
  deployment: CountedDeployment,
  vault: CountedVault,
  delivery: MeasuredDelivery,
): Promise<DeliveryResult> {
  const { keyId, deliveryFailure } = await deployment.admin('issue', {
    owner: 'team@example.com',
    name: 'Search agent',
    environment: 'live',
    scopes: ['tools:*'],
    delivery,
    ...(delivery === 'renewal-key' ? { publicKey: newPublicKey() } : {}),
  });
  if (deliveryFailure) throw new Error(`A key with delivery ${delivery}: ${deliveryFailure}`);
  await deployment.admin('rotate', { keyId, purpose: 'manual', reason: 'Quarterly' });
  vault.take();
  const { result: milliseconds, counts } = await deployment.count(async () => {
    const startedMs = performance.now();
    await deployment.playRotation(deployment.lastStarted, undefined, true);
    return performance.now() - startedMs;
  });
  const requests = vault.take();
  await expectOffered(deployment, keyId as string, delivery);
  await deployment.admin('revoke', { keyId, reason: 'The round is over' });
  return { milliseconds: [milliseconds], counts, vault: requests };
}

/** @throws when the new version did not go the way that is measured */
async function expectOffered(
  deployment: CountedDeployment,
  keyId: string,
  delivery: MeasuredDelivery,
): Promise<void> {
  const { versions } = await deployment.admin<{
    readonly versions: readonly {
      readonly delivery: { readonly by: string | null; readonly failure: string | null };
    }[];
  }>('show', { keyId });
  const { by, failure } = versions.at(-1)?.delivery ?? {};
  if (failure || (delivery !== 'operator' && by !== delivery)) {
    throw new Error(`Version 2 went by ${by} instead of ${delivery}: ${failure}`);
  }
}

const newPublicKey = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
