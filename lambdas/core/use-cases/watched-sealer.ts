/**
 * The sealer that every function uses. A seal that does not open was altered, moved or swapped: that is an alarm each
 * time, and on record once for each version, whoever opened it and for what.
 */
import type { Actor } from '../domain/audit-event.ts';
import { SealBroken } from '../domain/errors.ts';
import { versionOf } from '../domain/key-record.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import { replaceVersion } from '../domain/rotation-steps.ts';
import type { Clock } from '../ports/ambient.ts';
import type { KeySealer, SealContext, SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { SecurityAlarm } from '../ports/security-alarm.ts';
import { changeKey, type Decision } from './change-key.ts';

export interface WatchedSealerDeps {
  readonly sealer: KeySealer;
  readonly store: KeyStore;
  readonly alarm: SecurityAlarm;
  readonly clock: Clock;
}

const SEALER: Actor = { principal: 'keyturn:sealer', via: 'open' };

export class WatchedSealer implements KeySealer {
  readonly #deps: WatchedSealerDeps;

  constructor(deps: WatchedSealerDeps) {
    this.#deps = deps;
  }

  seal(key: Plaintext, context: SealContext, expiresAtMs: number): Promise<SealedKey> {
    return this.#deps.sealer.seal(key, context, expiresAtMs);
  }

  async open(sealed: SealedKey): Promise<Plaintext> {
    try {
      return await this.#deps.sealer.open(sealed);
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      // First, since it cannot fail; and a record that fails does not hide what it was to say.
      this.#deps.alarm.sealBroken({ keyId: sealed.keyId, version: sealed.version });
      await this.#record(sealed).catch(() => undefined);
      throw error;
    }
  }

  #record({ keyId, version }: SealedKey): Promise<void> {
    const { store, clock } = this.#deps;
    return changeKey(store, keyId, (record): Decision<void> => {
      const broken = record && versionOf(record, version);
      if (!record || !broken || broken.sealBrokenAtMs !== undefined) return { result: undefined };
      const atMs = clock();
      return {
        result: undefined,
        change: {
          after: { ...record, versions: replaceVersion(record, { ...broken, sealBrokenAtMs: atMs }) },
          entry: { action: 'security.seal-broken', actor: SEALER, atMs, detail: { version } },
        },
      };
    });
  }
}
