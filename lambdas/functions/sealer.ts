/** The sealer of every function: each seal that does not open is an alarm and on record, whoever met it. */
import type { Logger } from '@aws-lambda-powertools/logger';
import { KMSClient } from '@aws-sdk/client-kms';
import { EnvelopeSealer } from '../adapters/kms/envelope-sealer.ts';
import type { KeySealer } from '../core/ports/key-sealer.ts';
import type { KeyStore } from '../core/ports/key-store.ts';
import { WatchedSealer } from '../core/use-cases/watched-sealer.ts';
import { loggedAlarm } from './security-alarm.ts';

export function connectSealer(kmsKeyId: string, store: KeyStore, logger: Pick<Logger, 'error'>): KeySealer {
  const clock = Date.now;
  const sealer = new EnvelopeSealer(new KMSClient({}), kmsKeyId);
  return new WatchedSealer({ sealer, store, alarm: loggedAlarm(logger, clock), clock });
}
