/** What a report's file carries, so that a figure that was changed in it is found. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Report } from './report.ts';

/** SHA-256 over the canonical form (RFC 8785), hex. */
export const hashOfReport = (report: Report): string =>
  createHash('sha256')
    .update(canonicalize(report) as string)
    .digest('hex');

export interface SealedReport {
  readonly report: Report;
  readonly sha256: string;
}

export const sealReport = (report: Report): SealedReport => ({ report, sha256: hashOfReport(report) });
