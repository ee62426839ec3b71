/** How long a token holds, as the vault states it. */
import { Plaintext } from '../../core/domain/plaintext.ts';
import type { VaultAnswer } from './vault-exchange.ts';

export interface Lease {
  readonly token: Plaintext;
  /** Absent: it never ends. */
  readonly endsAtMs?: number;
  /** From here on it is renewed before it is used. */
  readonly renewAtMs?: number;
}

/** Of a login or a renewal; undefined when the answer has no token. */
export function leaseFrom({ body }: VaultAnswer, nowMs: number): Lease | undefined {
  const { client_token, lease_duration, renewable } = objectIn(body['auth']);
  if (typeof client_token !== 'string') return undefined;
  const seconds = Number(lease_duration);
  return lease(new Plaintext(client_token), seconds, renewable === true ? seconds : 0, nowMs);
}

/** Of a token that was looked up. */
export function leaseOfToken(token: Plaintext, { body }: VaultAnswer, nowMs: number): Lease {
  const { ttl, creation_ttl, period, renewable } = objectIn(body['data']);
  const whole = Math.max(Number(period ?? 0), Number(creation_ttl ?? 0), Number(ttl));
  return lease(token, Number(ttl), renewable === true ? whole : 0, nowMs);
}

/** Leases are told in whole seconds. */
const ROUNDING_MS = 1_000;

/** At its longest life a renewal prolongs a token no more. */
export const isLonger = (renewed: Lease, before: Lease): boolean =>
  renewed.endsAtMs === undefined || renewed.endsAtMs > (before.endsAtMs ?? 0) + ROUNDING_MS;

/** @param wholeSeconds its life when it was new or renewed: half of it is left when it is renewed */
function lease(token: Plaintext, seconds: number, wholeSeconds: number, nowMs: number): Lease {
  if (!(seconds > 0)) return { token };
  const endsAtMs = nowMs + seconds * 1000;
  return { token, endsAtMs, renewAtMs: endsAtMs - wholeSeconds * 500 };
}

const objectIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
