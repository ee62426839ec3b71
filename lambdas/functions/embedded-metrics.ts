/** Metrics in a line of log (CloudWatch embedded metric format). */
import { METRIC_NAMESPACE, METRICS, type MetricName, type MetricValues } from '../../rules/metrics.ts';

/** What a line of log carries beside its own words so that CloudWatch counts these. */
export const embeddedMetrics = (values: MetricValues, atMs: number): Record<string, unknown> => ({
  _aws: {
    Timestamp: atMs,
    CloudWatchMetrics: [
      {
        Namespace: METRIC_NAMESPACE,
        Dimensions: [[]],
        Metrics: Object.keys(values).map((Name) => ({ Name, Unit: METRICS[Name as MetricName] })),
      },
    ],
  },
  ...values,
});
