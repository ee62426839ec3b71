/** The dashboard and the alarms: what is shown and told is what the functions count. */
import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../rules/metrics.ts';
import { deployedTemplate, keyturnTemplate, newApp } from '../../support/synth.ts';
import { environmentOf, type Json, only, resources } from '../../support/template.ts';
import { inlineCode, tableUnder } from '../docs/read-document.ts';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly [unknown, ...unknown[]])[];
  };
}

const template = deployedTemplate();
const alarms = resources(template, 'AWS::CloudWatch::Alarm');
const onMetrics = alarms.filter(({ properties }) => properties['Namespace'] === 'Keyturn');
const onQueues = alarms.filter(({ properties }) => properties['Namespace'] === 'AWS/SQS');
const onFunctions = alarms.filter(({ properties }) => properties['Namespace'] === 'AWS/Lambda');
const onMachines = alarms.filter(({ properties }) => properties['Namespace'] === 'AWS/States');
/** Told to security whoever else is told. */
const OF_SECURITY = ['EventsGivenUp', 'EventsLate', 'PepperFault', 'PepperRunFailed', 'WrongKeysSurge'];
const nameOf = (id: string): string => id.replace(/^KeysObservabilityAlarms(\w+)[0-9A-F]{8}$/, '$1');
const SECURITY_TOPIC = { Ref: only(template, 'AWS::SNS::Topic', 'KeysSecurity').id };

/** An alarm by its name in the construct. */
const alarm = (name: string) =>
  only(template, 'AWS::CloudWatch::Alarm', `KeysObservabilityAlarms${name}`).properties;

/** What the console would show; references stand as their JSON. */
function pageOf(of: typeof template): {
  readonly widgets: readonly Widget[];
  readonly periodOverride: string;
} {
  const body = only(of, 'AWS::CloudWatch::Dashboard').properties['DashboardBody'] as {
    'Fn::Join': [string, unknown[]];
  };
  const parts = body['Fn::Join'][1].map((part) =>
    typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', ''),
  );
  return JSON.parse(parts.join(''));
}

const titlesOf = (of: typeof template) => pageOf(of).widgets.map(({ properties }) => properties.title);

/** Names of Keyturn's metrics in a widget. */
const metricsIn = ({ properties }: Widget): string[] =>
  (properties.metrics ?? []).flatMap(([namespace, name]) => (namespace === 'Keyturn' ? [String(name)] : []));

describe('alarms', () => {
  it('are on what has failed, stands still, is overdue, cannot be decided, cannot be renewed or claimed, has not arrived, came back, is not told, lacks its pepper, is altered or disputed, is used though retired, or is given up', () => {
    expect(onMetrics.map(({ properties }) => properties['MetricName']).sort()).toEqual([
      'AuditBroken',
      'AuthorizerFault',
      'ClaimFault',
      'ClaimsDisputed',
      'DeliveriesFailed',
      'KeysLost',
      'KeysOverdue',
      'KeysUndelivered',
      'MailBounced',
      'MailComplained',
      'MailEventFault',
      'NoticesParked',
      'PepperFault',
      'RenewalFault',
      'RetiredKeyUse',
      'RotationsFailed',
      'RotationsStuck',
      'SealBroken',
      'WebhooksDisabled',
      'WrongKeys',
    ]);
  });

  it('are on what was given up on, as long as it lies in its queue', () => {
    expect(onQueues.map(({ id }) => id)).toEqual([expect.stringContaining('AlarmsEventsGivenUp')]);
    const queues = resources(template, 'AWS::SQS::Queue').map(({ id }) => ({
      'Fn::GetAtt': [id, 'QueueName'],
    }));
    for (const { properties } of onQueues) {
      expect(properties).toMatchObject({
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName' }],
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
        AlarmDescription: expect.stringMatching(/^Keyturn: .+\. .+\.$/),
      });
      const [{ Value } = { Value: {} }] = properties['Dimensions'] as [{ Value: Json }];
      expect(queues).toContainEqual(Value);
    }
  });

  it('are on executions that failed: of emergencies of many keys and of the pepper', () => {
    const machine = (prefix: string) => ({
      Ref: only(template, 'AWS::StepFunctions::StateMachine', prefix).id,
    });
    expect(
      onMachines.map(({ id, properties }) => [
        nameOf(id),
        properties['MetricName'],
        properties['Dimensions'],
      ]),
    ).toEqual([
      [
        'EmergencyIncomplete',
        'ExecutionsFailed',
        [{ Name: 'StateMachineArn', Value: machine('KeysBulkEmergency') }],
      ],
      [
        'PepperRunFailed',
        'ExecutionsFailed',
        [{ Name: 'StateMachineArn', Value: machine('KeysPepperRotation') }],
      ],
    ]);
    expect(onMetrics.length + onQueues.length + onFunctions.length + onMachines.length).toBe(alarms.length);
  });

  it('are on events that wait to be told, long before the stream forgets them', () => {
    const fn = { Ref: only(template, 'AWS::Lambda::Function', 'KeysPublishing').id };
    expect(onFunctions.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        MetricName: 'IteratorAge',
        Dimensions: [{ Name: 'FunctionName', Value: fn }],
        Statistic: 'Maximum',
        Threshold: 900_000,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      }),
    ]);
  });

  it.each(onMetrics)('$id watches a metric that the functions write, from one on', ({ properties }) => {
    expect(Object.keys(METRICS)).toContain(properties['MetricName']);
    expect(properties).toMatchObject({
      Namespace: 'Keyturn',
      Threshold: properties['MetricName'] === 'WrongKeys' ? 1000 : 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmDescription: expect.stringMatching(/^Keyturn: .+\. .+\.$/),
    });
    expect(properties).not.toHaveProperty('Dimensions');
  });

  it.each<[string, Json]>([
    ['RotationFailed', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    // Written each minute: where it is missing nobody looks.
    ['RotationStuck', { Statistic: 'Maximum', Period: 300, TreatMissingData: 'missing' }],
    ['PepperFault', { Statistic: 'Sum', Period: 60, TreatMissingData: 'notBreaching' }],
    ['ClaimsDisputed', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['RetiredKeyUse', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['SealBroken', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['DeliveryFailed', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['MailBounced', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['MailComplained', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['KeyUndelivered', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['KeyLost', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['WebhookDisabled', { Statistic: 'Sum', Period: 300, TreatMissingData: 'notBreaching' }],
    ['KeysOverdue', { Statistic: 'Maximum', Period: 86_400, TreatMissingData: 'missing' }],
  ])('%s goes off at the first period with a value', (name, expected) => {
    expect(alarm(name)).toMatchObject({ ...expected, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
  });

  it('are the ones that the README names', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const named = tableUnder(readme, '| alarm | goes off when |').flatMap(([name = '']) => inlineCode(name));
    const ids = alarms.map(({ id }) => nameOf(id));
    expect([...named].sort()).toEqual([...ids].sort());
  });

  it('RenewalFault goes off when faults last', () => {
    expect(alarm('RenewalFault')).toMatchObject({
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  it('AuthorizerFault goes off when faults come in two of five minutes: one alone may happen', () => {
    expect(alarm('AuthorizerFault')).toMatchObject({
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  it('tell nobody by themselves, but security of what no event on record alerts it of', () => {
    const told = alarms.filter(({ properties }) => properties['AlarmActions'] !== undefined);
    expect(told.map(({ id }) => nameOf(id)).sort()).toEqual(OF_SECURITY);
    for (const { properties } of told) expect(properties['AlarmActions']).toEqual([SECURITY_TOPIC]);
    const silent = alarms.filter(({ properties }) => properties['InsufficientDataActions'] !== undefined);
    // Without who sends them no alert would say so.
    expect(silent.map(({ id }) => nameOf(id))).toEqual(['NoticeParked']);
    for (const { properties } of silent)
      expect(properties['InsufficientDataActions']).toEqual([SECURITY_TOPIC]);
  });

  it('WrongKeysSurge goes off from as many as the deployment says', () => {
    const own = keyturnTemplate({ keys: { wrongKeys: { surge: 50, window: 'PT1M' } } });
    const surge = only(own, 'AWS::CloudWatch::Alarm', 'KeysObservabilityAlarmsWrongKeysSurge');
    expect(surge.properties).toMatchObject({ Threshold: 50, Statistic: 'Sum', Period: 300 });
    expect(environmentOf(own, 'KeysWatch')['WRONG_KEY_WINDOW_SECONDS']).toBe('60');
    expect(environmentOf(own, 'KeysAuthorizerExampleRest')['WRONG_KEY_WINDOW_SECONDS']).toBe('60');
    expect(environmentOf(own, 'KeysRenewalAuthorizer')['WRONG_KEY_WINDOW_SECONDS']).toBe('60');
  });

  it('tell the topic that is given, all of them', () => {
    const arn = 'arn:aws:sns:eu-central-1:111122223333:oncall';
    const told = resources(keyturnTemplate({ alarmTopicArn: arn }), 'AWS::CloudWatch::Alarm');
    for (const { id, properties } of told) {
      const security = OF_SECURITY.includes(nameOf(id)) ? [SECURITY_TOPIC] : [];
      expect(properties['AlarmActions'], id).toEqual([arn, ...security]);
    }
    expect(told).toHaveLength(alarms.length);
    // Where no value is no proof, that nobody looks any more is told too.
    const watched = told.filter(({ properties }) => properties['InsufficientDataActions'] !== undefined);
    expect(watched.map(({ properties }) => properties['MetricName']).sort()).toEqual([
      'AuditBroken',
      'KeysOverdue',
      'NoticesParked',
      'RotationsStuck',
    ]);
    for (const { properties } of watched) {
      const security = properties['MetricName'] === 'NoticesParked' ? [SECURITY_TOPIC] : [];
      expect(properties['InsufficientDataActions']).toEqual([arn, ...security]);
    }
  });

  it('tell a topic of the same application', () => {
    const app = newApp();
    const topic = new Topic(new Stack(app, 'OnCall'), 'Topic');
    const keys = keyturnTemplate({ keys: { alarmTopic: topic } }, app);
    for (const { properties } of resources(keys, 'AWS::CloudWatch::Alarm')) {
      expect(JSON.stringify(properties['AlarmActions'])).toContain('"OnCall"');
    }
  });

  it('on overdue keys is not there where nothing sweeps', () => {
    const own = keyturnTemplate({ keys: { sweep: false } });
    const metrics = resources(own, 'AWS::CloudWatch::Alarm').map(
      ({ properties }) => properties['MetricName'],
    );
    expect(metrics).toHaveLength(alarms.length - 1);
    expect(metrics).not.toContain('KeysOverdue');
  });
});

describe('the dashboard', () => {
  const { widgets, periodOverride } = pageOf(template);

  it('shows alarms, requests, faults, rotations, migration, due keys, emergencies, deliveries, notices and digests', () => {
    expect(titlesOf(template)).toEqual([
      'Alarms',
      'Requests by answer',
      'Faults, broken seals, and use of retired keys',
      'Rotations begun and ended',
      'Rotations that run or stand still',
      'Requests of keys that rotate',
      'Clients of rotating keys',
      'Keys, by the last sweep',
      'Emergencies: from the start to the committed refusal, grace period included',
      'Renewals by clients',
      'Claim links',
      'New keys that have not reached their owners',
      'Notices',
      'Audit, by the daily digest',
      'Webhooks',
    ]);
  });

  it('names no metric that the functions do not write, and every one that they do but shares and by-products', () => {
    const shown = new Set(widgets.flatMap(metricsIn));
    // Shares are computed from sums here; what a sweep started or skipped is in its line.
    const left = ['MigratedPercent', 'RefusedPercent', 'KeysStarted', 'KeysSkipped'];
    expect([...shown, ...left].sort()).toEqual(Object.keys(METRICS).sort());
  });

  it('keeps the periods that its axes speak of, however far it reaches back', () => {
    expect(periodOverride).toBe('inherit');
  });

  it('has a graph for everything that an alarm watches, and the alarms themselves', () => {
    const shown = widgets.flatMap(metricsIn);
    for (const { properties } of onMetrics) expect(shown).toContain(properties['MetricName']);
    expect(widgets[0]?.properties.alarms).toHaveLength(alarms.length);
  });

  it('fits the console’s grid of 24 columns, and nothing lies over anything', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
  });

  it('is without due keys where nothing sweeps', () => {
    const own = keyturnTemplate({ keys: { sweep: false } });
    expect(titlesOf(own)).toEqual(titlesOf(template).filter((title) => title !== 'Keys, by the last sweep'));
  });

  it('has no fixed name: two deployments have one each', () => {
    expect(only(template, 'AWS::CloudWatch::Dashboard').properties).not.toHaveProperty('DashboardName');
  });
});
