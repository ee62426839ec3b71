/** Secrets in memory with a place in them, and how to look at what became of a key's secret. */
import { KMSClient } from '@aws-sdk/client-kms';
import {
  SecretPlace,
  type SecretPlaceSettings,
} from '../../lambdas/adapters/secrets-manager/secret-place.ts';
import { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import { CURRENT } from '../../lambdas/core/domain/secret-versions.ts';
import type { PlacedVersion } from '../../lambdas/core/ports/key-place.ts';
import { ManualClock } from './manual-clock.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { MemorySecretsClient } from './memory-secrets-client.ts';

export const KEY_ID = 'Ab3dEf7hIj9L';
export const NAME = `keyturn/${KEY_ID}`;
export const PLACE_SETTINGS: SecretPlaceSettings = {
  kmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/data',
  rotationFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:rotate-secrets',
  rotationRoleArn: 'arn:aws:iam::111122223333:role/rotate-secrets',
  schedule: true,
  recoveryDays: 30,
  endpoint: 'https://api.example.com/mcp',
};
const DAY_S = 86_400;

export class SecretPlaceBench {
  readonly clock = new ManualClock();
  readonly secrets = new MemorySecrets(this.clock.read);
  readonly calls = new MemorySecretsClient(this.secrets);
  readonly place: SecretPlace;
  /** What happens while somebody waits. */
  whileWaiting: () => Promise<void> = async () => undefined;

  constructor(settings: Partial<SecretPlaceSettings> = {}, kms = new KMSClient({ region: 'eu-central-1' })) {
    this.place = new SecretPlace(
      {
        client: this.calls.client,
        kms,
        clock: this.clock.read,
        sleep: async (milliseconds) => {
          this.clock.nowMs += milliseconds;
          await this.whileWaiting();
        },
      },
      { ...PLACE_SETTINGS, ...settings },
    );
  }

  put(version: number, more: Partial<PlacedVersion> = {}, readers?: readonly string[]): Promise<void> {
    return this.place.put(destinationOf(readers), {
      keyId: KEY_ID,
      version,
      key: new Plaintext(keyOf(version)),
      rotateEverySeconds: 90 * DAY_S,
      ...(version > 1 ? { previousVersion: version - 1, previousExpiresAtMs: this.clock.nowMs } : {}),
      ...more,
    });
  }

  restore = (version: number): Promise<void> => this.place.restore(destinationOf(), KEY_ID, version);

  /** Which version of the key each label of AWS names, such as `AWSCURRENT:2 AWSPREVIOUS:1`. */
  get stages(): string {
    const { versions } = this.secrets.find(NAME);
    return versions
      .flatMap(({ stages, text }) => {
        const version = text === undefined ? 'empty' : JSON.parse(text).version;
        return [...stages].filter((stage) => stage.startsWith('AWS')).map((stage) => `${stage}:${version}`);
      })
      .sort()
      .join(' ');
  }

  /** What the key's client reads now. */
  get current(): Readonly<Record<string, unknown>> {
    const { versions } = this.secrets.find(NAME);
    const text = versions.find(({ stages }) => stages.has(CURRENT))?.text;
    return text === undefined ? {} : JSON.parse(text);
  }
}

export const keyOf = (version: number): string => `mk_live_${KEY_ID}_secret-of-${version}`;

export const destinationOf = (readers?: readonly string[]) =>
  ({ kind: 'secret', name: NAME, ...(readers ? { readers } : {}) }) as const;
