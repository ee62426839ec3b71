/** How the page draws metrics: half of it wide, each labelled in words and counted from nothing. */
import {
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  SingleValueWidget,
  type SingleValueWidgetProps,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../../rules/metrics.ts';
import { keyturnMetric, type MetricView } from '../keyturn-metric.ts';

const HALF = 12;

/** Metrics with their labels, all seen alike. */
export const lines = (
  view: Pick<MetricView, 'statistic' | 'period'>,
  ...of: readonly (readonly [MetricName, label: string, color: string])[]
): IMetric[] => of.map(([name, label, color]) => keyturnMetric(name, { ...view, label, color }));

/** Counts start at nothing, or a small change would look like a cliff. */
export const graph = (
  title: string,
  left: IMetric[],
  axis: NonNullable<GraphWidgetProps['leftYAxis']>,
): GraphWidget =>
  new GraphWidget({
    title,
    left,
    leftYAxis: { min: 0, showUnits: false, ...axis },
    width: HALF,
    height: 6,
  });

export const numbers = (
  title: string,
  metrics: IMetric[],
  more: Partial<SingleValueWidgetProps> = {},
): SingleValueWidget => new SingleValueWidget({ title, metrics, width: HALF, height: 4, ...more });
