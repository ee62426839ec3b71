/** Reads records to their end, or to the first broken link. */
import type { Checked } from '../../../../rules/checked.ts';
import { type AuditBreak, incomplete } from './audit-break.ts';
import type { AuditRecord, HeaderRecord } from './audit-record.ts';
import { AuditVerifier } from './audit-verifier.ts';
import type { ProofKey } from './digest.ts';
import type { ProofSummary } from './proof-tally.ts';

export type Verification =
  | { readonly outcome: 'holds'; readonly fingerprint: string; readonly summary: ProofSummary }
  /** `summary`: of what was checked before it; null where nothing could be. */
  | {
      readonly outcome: 'broken';
      readonly fingerprint: string | null;
      readonly summary: ProofSummary | null;
      readonly broken: AuditBreak;
    }
  | { readonly outcome: 'no-key'; readonly message: string; readonly hint: string };

/**
 * @param records undefined stands for one that cannot be read
 * @param keyFor the key that signatures are checked with
 */
export async function verifyRecords(
  records: AsyncIterable<AuditRecord | undefined>,
  keyFor: (header: HeaderRecord) => Checked<ProofKey>,
): Promise<Verification> {
  let verifier: AuditVerifier | undefined;
  let fingerprint: string | null = null;
  let number = 0;
  const brokenBy = (broken: AuditBreak): Verification => ({
    outcome: 'broken',
    fingerprint,
    summary: verifier?.summary() ?? null,
    broken,
  });
  for await (const record of records) {
    number += 1;
    if (!record) return brokenBy(incomplete(`Record ${number} cannot be read.`));
    if (verifier) {
      const broken = verifier.take(record);
      if (broken) return brokenBy(broken);
    } else {
      if (record.type !== 'header') return brokenBy(incomplete('It does not begin with a header.'));
      const key = keyFor(record);
      if (!key.ok) return { outcome: 'no-key', message: key.message, hint: key.hint };
      fingerprint = key.value.fingerprint;
      verifier = new AuditVerifier(record, key.value);
    }
  }
  if (!verifier || fingerprint === null) return brokenBy(incomplete('There is nothing in it.'));
  const broken = verifier.finish();
  return broken ? brokenBy(broken) : { outcome: 'holds', fingerprint, summary: verifier.summary() };
}
