/** The pictures of a report with much in it: labels that can be read, whatever falls together. */
import { expect, it } from 'vitest';
import { migrationCurves } from '../../../../cli/report/html/charts/migration-curves.ts';
import { rotationsOverTime } from '../../../../cli/report/html/charts/rotations-over-time.ts';
import { reportPage } from '../../../../cli/report/html/page.ts';
import type { Report, RotationRow } from '../../../../lambdas/core/domain/report/report.ts';
import { sealReport } from '../../../../lambdas/core/domain/report/report-hash.ts';
import { DAY_MS } from '../../../../rules/time-units.ts';
import { quarterReport } from '../../../support/report-samples.ts';

const FROM_MS = Date.parse('2024-02-01T00:00:00.000Z');
const MONTHS = 36;
const iso = (ms: number): string => new Date(ms).toISOString();

/** Three years of rotations, many of one month, all of which end with the same share. */
async function crowded(): Promise<Report> {
  const report = await quarterReport();
  const [row] = report.record.rotations.rows.filter(({ migration }) => migration.length > 0);
  const rows = Array.from({ length: 720 }, (_, index): RotationRow => {
    const startMs = FROM_MS + (index < 300 ? 400 : (index - 300) * 2.5) * DAY_MS;
    return {
      ...(row as RotationRow),
      rotationId: `r-${index}`,
      outcome: 'completed',
      purpose: 'manual',
      startedAt: iso(startMs),
      endedAt: iso(startMs + 3 * DAY_MS),
      migration: [1, 2, 3].map((days) => ({
        at: iso(startMs + days * DAY_MS),
        oldRequests: 3 - days,
        newRequests: days,
        newShare: days / 3,
      })),
    };
  });
  const { record } = report;
  return {
    ...report,
    period: { from: iso(FROM_MS), to: iso(FROM_MS + MONTHS * 30.4 * DAY_MS) },
    record: { ...record, rotations: { ...record.rotations, rows } },
  };
}

/** Labels of figures on one line, as wide as their characters are in the font that is drawn with. */
function overlapsIn(svg: string): readonly string[] {
  const labels = [...svg.matchAll(/<text class="value([^"]*)" x="([\d.]+)" y="([\d.]+)">([^<]*)</g)].map(
    ([, style = '', x, y, text = '']) => {
      const width = text.length * 6.4;
      const left = Number(x) - (style.includes('mid') ? width / 2 : style.includes('end') ? width : 0);
      return { text, left, right: left + width, y: Number(y) };
    },
  );
  expect(labels.length).toBeGreaterThan(0);
  return labels.flatMap((one, index) =>
    labels
      .slice(index + 1)
      .filter((other) => Math.abs(one.y - other.y) < 10 && one.left < other.right && other.left < one.right)
      .map((other) => `${one.text} over ${other.text}`),
  );
}

it('tells no total where it would run into the next one, but the highest', async () => {
  const { text } = rotationsOverTime(await crowded());
  expect(overlapsIn(text)).toEqual([]);
  expect(text).toMatch(/class="value mid"[^>]*>3\d\d</);
});

it('gives curves that end at one place one label', async () => {
  const { text } = migrationCurves(await crowded());
  expect(overlapsIn(text)).toEqual([]);
  expect(text).toContain('>1, 2, 3, 4, 5, 6, 7, 8<');
});

it('says of what took hours how many, not their seconds', async () => {
  const report = await quarterReport();
  const page = reportPage(sealReport(report)).replace(/<script.*/s, '');
  expect(page).toContain('refused at a set end, after 1 h 1 min at most');
  expect(page).toContain('refused at once, after 2.0 s at most');
  expect(page).not.toMatch(/\d{4} s\b/);
});
