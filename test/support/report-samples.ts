/** Reports for renderers: of the played quarter, of an empty period, of thousands of keys, and with hostile words in them. */
import type { Made, Report } from '../../lambdas/core/domain/report/report.ts';
import { ReportBuilder } from '../../lambdas/core/domain/report/report-builder.ts';
import type { ReportKey } from '../../lambdas/core/domain/report/report-key.ts';
import { eventsOf, playQuarter, standingOf } from './report-story.ts';

export const MADE: Made = {
  at: '2027-01-20T09:30:00.000Z',
  by: 'arn:aws:iam::111122223333:user/ops',
  version: '0.1.0',
  stack: 'Keyturn',
  place: 'account 111122223333, eu-central-1',
};

/** @param keys instead of those of the story */
export async function quarterReport(
  keys?: (those: readonly ReportKey[]) => readonly ReportKey[],
): Promise<Report> {
  const { world, startMs } = await playQuarter();
  const builder = new ReportBuilder({ fromMs: startMs, toMs: world.clock.nowMs });
  for (const event of eventsOf(world)) builder.add(event);
  const standing = standingOf(world);
  return builder.report(MADE, { ...standing, keys: keys ? keys(standing.keys) : standing.keys }, null);
}

export async function emptyReport(): Promise<Report> {
  const { world, startMs } = await playQuarter();
  const builder = new ReportBuilder({ fromMs: startMs - 86_400_000, toMs: startMs });
  return builder.report(MADE, { ...standingOf(world), keys: [] }, null);
}

/** Each key of the story many times, of many ages. */
export const fleetReport = (count: number): Promise<Report> =>
  quarterReport((those) =>
    Array.from({ length: count }, (_, index) => {
      const key = those[index % those.length] as ReportKey;
      const activeSince = new Date(Date.parse(MADE.at) - index * 3_600_000).toISOString();
      return {
        ...key,
        keyId: `K${String(index).padStart(11, '0')}`,
        versions: key.versions.map((version) => ({ ...version, activeSince })),
      };
    }),
  );

export const HOSTILE =
  '</script></title><script>window.owned=1</script><img src=x onerror="window.owned=1">\'"&';

/** Every text that people give is hostile. */
export async function hostileReport(): Promise<Report> {
  const report = await quarterReport();
  const givenByPeople = [
    'owner',
    'name',
    'reason',
    'failure',
    'by',
    'principal',
    'exemptReason',
    'why',
    'startedBy',
  ];
  return JSON.parse(
    JSON.stringify(report, (field, value) =>
      givenByPeople.includes(field) && typeof value === 'string' ? `${HOSTILE}${value}` : value,
    ),
  ) as Report;
}
