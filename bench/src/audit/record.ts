/** An audit as a deployment writes it, made by its own rules: chains that grow by turns, and a digest every thirtieth of it. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeRecords } from '../../../cli/audit/record-lines.ts';
import { type AuditEvent, CHAIN_START, chainEvent } from '../../../lambdas/core/domain/audit-event.ts';
import type { AuditRecord, HeadRecord } from '../../../lambdas/core/domain/audit-proof/audit-record.ts';
import { ChainEnds } from '../../../lambdas/core/domain/audit-proof/chain-ends.ts';
import { type Digest, digestSha256, digestText } from '../../../lambdas/core/domain/audit-proof/digest.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import type { AuditSize } from './results.ts';

const DIGESTS = 30;
const FIRST_DAY_MS = Date.parse('2026-10-01T00:10:00.000Z');

/** A chain's name, as long as a key's. */
export const chainName = (number: number): string => `key/${String(number).padStart(12, '0')}`;

/** About as large as an event of a rotation is. */
export const eventOf = (chain: string, ends: ChainEnds, atMs: number): AuditEvent =>
  chainEvent({ chain, keyId: chain.slice(4), owner: 'team@example.com' }, ends.get(chain) ?? CHAIN_START, {
    action: 'rotation.judged',
    actor: { principal: 'keyturn:rotation', via: 'execution/sweep-000000000000-1795449860-0' },
    atMs,
    rotationId: 'sweep-000000000000-1795449860-0',
    detail: { evidence: 'migrated', decision: 'retire', oldRequests: 0, newRequests: 138, version: 2 },
  });

export function signer() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: (text: string) => sign('sha256', Buffer.from(text), privateKey).toString('base64'),
  };
}

/** Writes it as an export. */
export async function writeAudit(path: string, size: AuditSize): Promise<void> {
  const file = createWriteStream(path);
  await writeRecords(recordsOf(size), file);
  await new Promise((resolve) => file.end(resolve));
}

async function* recordsOf({ events, chains }: AuditSize): AsyncGenerator<AuditRecord> {
  const { pem, sign: signText } = signer();
  const ends = new ChainEnds();
  const exportedAt = new Date(FIRST_DAY_MS + DIGESTS * DAY_MS).toISOString();
  yield { type: 'header', format: 1, table: 'bench', exportedAt, from: null, to: null, publicKey: pem };
  let records = 1;
  let previous: Digest | undefined;
  const share = Math.ceil(events / DIGESTS);
  for (let day = 0; day < DIGESTS; day += 1) {
    const moved = new Map<string, HeadRecord>();
    for (let made = day * share; made < Math.min(events, (day + 1) * share); made += 1) {
      const chain = chainName(made % chains);
      const event = eventOf(chain, ends, FIRST_DAY_MS + (day - 1) * DAY_MS + (made - day * share));
      ends.set(chain, event);
      moved.set(chain, { type: 'head', chain, sequence: event.sequence, hash: event.hash });
      yield { type: 'event', chain, event };
      records += 1;
    }
    const takenAt = new Date(FIRST_DAY_MS + day * DAY_MS).toISOString();
    const previousDigest = previous ? { date: previous.date, sha256: digestSha256(previous) } : null;
    const date = takenAt.slice(0, 10);
    previous = { version: 1, table: 'bench', date, takenAt, previousDigest, ...ends.facts() };
    yield* moved.values();
    const value = signText(digestText(previous));
    yield {
      type: 'digest',
      digest: previous,
      signature: { algorithm: 'ECDSA_SHA_256', publicKeySha256: '', value },
    };
    records += moved.size + 1;
  }
  for (const head of ends.sorted()) yield { type: 'live-head', ...head };
  yield { type: 'end', records: records + chains, live: true };
}
