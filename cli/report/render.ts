/** A report in each of its forms. */
import type { SealedReport } from '../../lambdas/core/domain/report/report-hash.ts';
import { csvTables, DATA_FILE } from './csv/tables.ts';
import { reportPage } from './html/page.ts';

export const REPORT_FORMATS = ['html', 'json', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export type Rendered =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'folder'; readonly files: ReadonlyMap<string, string> };

export function render(sealed: SealedReport, format: ReportFormat): Rendered {
  if (format === 'csv') {
    const files = new Map([...csvTables(sealed.report, sealed.sha256), [DATA_FILE, jsonOf(sealed)]]);
    return { kind: 'folder', files };
  }
  return {
    kind: 'text',
    text: format === 'html' ? reportPage(sealed) : jsonOf(sealed),
  };
}

const jsonOf = (sealed: SealedReport): string => `${JSON.stringify(sealed, null, 2)}\n`;
