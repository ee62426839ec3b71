/** Chains and digests as they are on record, made by the rules themselves: what tampering starts from. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  type AuditEntry,
  type AuditEvent,
  CHAIN_START,
  chainEvent,
} from '../../lambdas/core/domain/audit-event.ts';
import type { AuditRecord, HeadRecord } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import { ChainEnds } from '../../lambdas/core/domain/audit-proof/chain-ends.ts';
import {
  type Digest,
  digestSha256,
  digestText,
  type ProofKey,
  parseProofKey,
  type SignedDigest,
} from '../../lambdas/core/domain/audit-proof/digest.ts';
import { type Verification, verifyRecords } from '../../lambdas/core/domain/audit-proof/verify-records.ts';
import { DAY_MS, HOUR_MS } from '../../rules/time-units.ts';

export const FIRST_DAY_MS = Date.parse('2026-11-01T00:20:00.000Z');

export interface SigningKey extends ProofKey {
  readonly pem: string;
  signs(digest: Digest): SignedDigest;
  signsText(text: string): string;
}

/** A key like the one in KMS, in this process. */
export function signingKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const parsed = parseProofKey(pem);
  if (!parsed.ok) throw new Error(parsed.message);
  return {
    ...parsed.value,
    pem,
    signs: (digest) => signedBy(privateKey, parsed.value.fingerprint, digest),
    signsText: (text) => signatureOf(privateKey, text),
  };
}

const signatureOf = (key: KeyObject, text: string): string =>
  sign('sha256', Buffer.from(text), key).toString('base64');

function signedBy(key: KeyObject, publicKeySha256: string, digest: Digest): SignedDigest {
  const value = signatureOf(key, digestText(digest));
  return { digest, signature: { algorithm: 'ECDSA_SHA_256', publicKeySha256, value } };
}

export class ProofBench {
  readonly key = signingKey();
  readonly #ends = new ChainEnds();
  readonly #records: AuditRecord[] = [];
  #moved = new Map<string, HeadRecord>();
  #last: Digest | undefined;
  #day = 0;
  #made = 0;

  /** Milliseconds: a moment of the day that runs. */
  get nowMs(): number {
    return FIRST_DAY_MS - DAY_MS + this.#day * DAY_MS + HOUR_MS;
  }

  /** Appends an event to each of these chains. */
  grow(...chains: readonly string[]): this {
    for (const chain of chains) this.growBy(chain, {});
    return this;
  }

  /** Appends an event that says something else than others do. */
  growBy(chain: string, other: Partial<AuditEntry>): this {
    const event: AuditEvent = chainEvent({ chain }, this.#ends.get(chain) ?? CHAIN_START, {
      action: 'rotation.judged',
      actor: { principal: 'ops', via: 'cli' },
      atMs: this.nowMs + this.#made++,
      detail: { number: this.#made, scopes: ['a:b'] },
      ...other,
    });
    this.#ends.set(chain, event);
    const { sequence, hash } = event;
    this.#moved.set(chain, { type: 'head', chain, sequence, hash });
    this.#records.push({ type: 'event', chain, event });
    return this;
  }

  /** Takes the digest of the day, and the next one begins. */
  digest(): this {
    const takenAt = new Date(FIRST_DAY_MS + this.#day * DAY_MS).toISOString();
    const previousDigest = this.#last && { date: this.#last.date, sha256: digestSha256(this.#last) };
    const digest: Digest = {
      version: 1,
      table: 'a-table',
      date: takenAt.slice(0, 10),
      takenAt,
      previousDigest: previousDigest ?? null,
      ...this.#ends.facts(),
    };
    this.#records.push(...this.#moved.values(), { type: 'digest', ...this.key.signs(digest) });
    this.#moved = new Map();
    this.#last = digest;
    this.#day += 1;
    return this;
  }

  /** As an export has them. */
  records(): AuditRecord[] {
    const live = [...this.#ends.sorted()].map((head) => ({ type: 'live-head', ...head }) as const);
    const header = {
      type: 'header',
      format: 1,
      table: 'a-table',
      exportedAt: new Date(this.nowMs + 2 * HOUR_MS).toISOString(),
      from: null,
      to: null,
      publicKey: this.key.pem,
    } as const;
    return sealed([header, ...this.#records, ...live]);
  }
}

/** With an end that counts what stands before it, as whoever alters a file would write it too. */
export const sealed = (records: readonly AuditRecord[]): AuditRecord[] => {
  const body = records.filter(({ type }) => type !== 'end');
  return [...body, { type: 'end', records: body.length, live: true }];
};

export async function verified(
  records: readonly (AuditRecord | undefined)[],
  key: ProofKey,
): Promise<Verification> {
  async function* all() {
    yield* records;
  }
  return verifyRecords(all(), () => ({ ok: true, value: key }));
}
