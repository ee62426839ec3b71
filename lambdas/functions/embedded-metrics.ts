/** Metrics in a line of log (CloudWatch embedded metric format). No dimension per key: each would cost $0.30 a month. */

const NAMESPACE = 'Keyturn';

/** By what a metric's name ends with; all others are counts. */
const UNITS = { Percent: 'Percent', Milliseconds: 'Milliseconds' } as const;

/** What a line of log carries beside its own words so that CloudWatch counts these. */
export const embeddedMetrics = (
  values: Readonly<Record<string, number>>,
  atMs: number,
): Record<string, unknown> => ({
  _aws: {
    Timestamp: atMs,
    CloudWatchMetrics: [
      {
        Namespace: NAMESPACE,
        Dimensions: [[]],
        Metrics: Object.keys(values).map((Name) => ({ Name, Unit: unitOf(Name) })),
      },
    ],
  },
  ...values,
});

const unitOf = (name: string): string =>
  Object.entries(UNITS).find(([ending]) => name.endsWith(ending))?.[1] ?? 'Count';
