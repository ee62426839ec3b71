/** A metric of the functions, by the names they write it under. */
import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, type MetricName } from '../../rules/metrics.ts';

export interface MetricView {
  readonly statistic: 'Sum' | 'Maximum' | 'Average' | 'SampleCount';
  readonly period: Duration;
  readonly label?: string;
  readonly color?: string;
}

export const keyturnMetric = (metricName: MetricName, view: MetricView): Metric =>
  new Metric({ namespace: METRIC_NAMESPACE, metricName, ...view });
