/** Metrics in a line of log (CloudWatch embedded metric format). No dimension per key: each would cost $0.30 a month. */

const NAMESPACE = 'Keyturn';

/** What a line of log carries beside its own words so that CloudWatch counts these. */
export const embeddedMetrics = (
  counts: Readonly<Record<string, number>>,
  nowMs: number,
): Record<string, unknown> => ({
  _aws: {
    Timestamp: nowMs,
    CloudWatchMetrics: [
      {
        Namespace: NAMESPACE,
        Dimensions: [[]],
        Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
      },
    ],
  },
  ...counts,
});
