/** What docs/cost.md takes for granted of the stack is so. */
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../../bench/src/cost/assumptions.ts';
import { MAIL_STANDING, METRICS, STANDING } from '../../../bench/src/cost/monthly.ts';
import { SHOWN } from '../../../bench/src/cost/streamed.ts';
import { TABLE } from '../../../bench/src/store/create-table.ts';
import { METRICS as WRITTEN } from '../../../rules/metrics.ts';
import { deployedTemplate, keyturnTemplate } from '../../support/synth.ts';
import { only, resources } from '../../support/template.ts';

/** Stands for a backend, which is extra. */
const EXAMPLE = 'Keyturn: example MCP server';

const template = deployedTemplate();
const mailing = keyturnTemplate({ keys: { notifications: { from: 'keys@acme.dev' } } });

describe('what is billed each month', () => {
  it.each([
    ['kmsKeys', 'AWS::KMS::Key'],
    ['secrets', 'AWS::SecretsManager::Secret'],
    ['alarms', 'AWS::CloudWatch::Alarm'],
    ['dashboards', 'AWS::CloudWatch::Dashboard'],
  ] as const)('has all %s of the stack', (name, type) => {
    expect(STANDING[name]).toBe(resources(template, type).length);
  });

  it('has what mail adds: a key, and a queue that Lambda looks into', () => {
    const added = (type: string) => resources(mailing, type).length - resources(template, type).length;
    expect(MAIL_STANDING).toEqual({ kmsKeys: added('AWS::KMS::Key'), queues: added('AWS::SQS::Queue') });
    for (const type of [
      'AWS::SecretsManager::Secret',
      'AWS::CloudWatch::Alarm',
      'AWS::Scheduler::Schedule',
    ]) {
      expect(added(type), type).toBe(0);
    }
  });

  it('shows the stream to the functions that the stack shows it to', () => {
    const shown = ['KeysPublishing', 'KeysOutbox'].map((prefix) => {
      const { properties } = only(template, 'AWS::Lambda::EventSourceMapping', prefix);
      const { Filters } = properties['FilterCriteria'] as {
        readonly Filters: readonly { Pattern: string }[];
      };
      return Filters.map(({ Pattern }) => JSON.parse(Pattern).dynamodb.Keys.sk.S[0].prefix);
    });
    expect(shown).toEqual([SHOWN.publish, SHOWN.notify]);
    expect(resources(template, 'AWS::Lambda::EventSourceMapping')).toHaveLength(shown.length);
  });

  it('has every metric that the functions write, once', () => {
    expect(Object.values(METRICS).flat().sort()).toEqual(Object.keys(WRITTEN).sort());
  });

  it('has every schedule of the stack: three of a minute, and three of a day', () => {
    const schedules = resources(template, 'AWS::Scheduler::Schedule').map(
      ({ properties }) => properties['ScheduleExpression'],
    );
    expect(schedules.sort()).toEqual([
      'cron(0 3 * * ? *)',
      'cron(10 0 * * ? *)',
      'cron(30 4 * * ? *)',
      'rate(1 minute)',
      'rate(1 minute)',
      'rate(1 minute)',
    ]);
  });
});

describe('what is billed by its time', () => {
  const named: Readonly<Record<string, string>> = {
    'Keyturn: decides on each request by its API key': 'authorizer',
    'Keyturn: the steps of a rotation': 'rotation',
    "Keyturn: operators' commands": 'admin',
    'Keyturn: clients renew their keys by themselves': 'renewal',
    'Keyturn: owners take their keys by a link': 'claim',
    'Keyturn: the four steps of a rotation by Secrets Manager': 'secret-rotation',
    'Keyturn: starts the rotations that are due': 'sweep',
    'Keyturn: counts what clients do while keys rotate': 'observe',
    'Keyturn: the steps of an emergency of many keys': 'bulk-emergency',
    'Keyturn: tells of every event on record': 'publish',
    'Keyturn: the daily digest of the audit': 'digest',
    'Keyturn: sends what is to be told': 'notify',
    'Keyturn: puts use of wrong and retired keys, and troubles with the pepper, on record': 'watch',
    'Keyturn: the steps of a rotation of the pepper': 'pepper',
    'Keyturn: puts on record what became of mail': 'mail-events',
    'Keyturn: addresses leave kinds of mail': 'unsubscribe',
  };
  const functions = resources(mailing, 'AWS::Lambda::Function').flatMap(({ properties }) => {
    const description = String(properties['Description'] ?? '');
    const billed = description.startsWith('Keyturn: ') && description !== EXAMPLE;
    return billed ? [{ description, memory: properties['MemorySize'] }] : [];
  });

  it('is every function of the stack, with its memory', () => {
    expect(new Set(functions.map(({ description }) => description))).toEqual(new Set(Object.keys(named)));
    for (const { description, memory } of functions) {
      expect(FUNCTIONS[named[description] ?? '']?.megabytes, description).toBe(memory);
    }
  });
});

it('counts on a table with the keys and the indexes of the stack’s', () => {
  const { properties } = only(template, 'AWS::DynamoDB::Table');
  const { BillingMode, KeySchema, GlobalSecondaryIndexes } = TABLE;
  expect({ BillingMode, KeySchema, GlobalSecondaryIndexes }).toEqual({
    BillingMode: properties['BillingMode'],
    KeySchema: properties['KeySchema'],
    GlobalSecondaryIndexes: properties['GlobalSecondaryIndexes'],
  });
});
