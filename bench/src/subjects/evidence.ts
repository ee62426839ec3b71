/** One report over a record of the size that it is told, in every form. */
import { REPORT_FORMATS, render } from '../../../cli/report/render.ts';
import { ReportBuilder } from '../../../lambdas/core/domain/report/report-builder.ts';
import { sealReport } from '../../../lambdas/core/domain/report/report-hash.ts';
import type { Made, Size } from '../evidence/results.ts';
import { eventsOf, FROM_MS, keysOf, toMsOf } from '../evidence/story.ts';

const peakMegabytes = (): number => process.resourceUsage().maxRSS / 1024;

process.on('message', (size: Size) => process.send?.(made(size)));
process.send?.('ready');

function made(size: Size): Made {
  const before = peakMegabytes();
  const startedAt = performance.now();
  const toMs = toMsOf(size);
  const builder = new ReportBuilder({ fromMs: FROM_MS, toMs });
  for (const event of eventsOf(size)) builder.add(event);
  const about = {
    at: '2027-01-01T00:00:00.000Z',
    by: 'bench',
    version: '0',
    stack: 'Keyturn',
    place: 'here',
  };
  const rotateEvery = new Map([['standard', 7_776_000]]);
  const standing = {
    keys: keysOf(size),
    rotateEvery,
    revocationBoundMs: 6_000,
    readFromMs: toMs,
    readToMs: toMs,
  };
  const sealed = sealReport(builder.report(about, standing, null));
  const countedAt = performance.now();
  for (const format of REPORT_FORMATS) render(sealed, format);
  return {
    countedMs: countedAt - startedAt,
    renderedMs: performance.now() - countedAt,
    grownMegabytes: peakMegabytes() - before,
  };
}
