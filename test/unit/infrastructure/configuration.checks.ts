/** Bad configuration is refused at synth: what was wrong, the value, and the mend. */
import { Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import {
  ApiKeyLifecycle,
  type ApiKeyLifecycleProps,
  type HttpProtectionOptions,
  InvalidConfiguration,
  type RestProtectionOptions,
} from '../../../lib/index.ts';
import { type Bench, bench, httpApi, keyturnTemplate, newApp, restApi } from '../../support/synth.ts';

/** Values that TypeScript would refuse reach us from JavaScript and from context. */
const untyped = (value: unknown) => value as never;

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfiguration);
    return (error as Error).message;
  }
  throw new Error('Nothing was refused.');
}

const withRest = (options: RestProtectionOptions, own: Bench = bench()): void =>
  own.keys.protectRestApi(restApi(own.stack, own.backend).api, options);
const withHttp = (options: HttpProtectionOptions, own: Bench = bench()): void =>
  own.keys.protectHttpApi(httpApi(own.stack, own.backend), options);

const DURATION = /Write whole weeks, days, hours, minutes or seconds, such as PT72H, P90D or PT20S\./;
const policy = (config: object): ApiKeyLifecycleProps => ({ policies: { standard: config } });

describe('the keys', () => {
  it.each<[string, ApiKeyLifecycleProps, RegExp, RegExp]>([
    ['a long prefix', { prefix: 'muchtoolong' }, /prefix 'muchtoolong' is not valid/, /2 to 8 lower-case/],
    ['a schedule in words', { sweep: { schedule: 'daily' } }, /sweep\.schedule 'daily' is no/, /cron\(0 3/],
    ['a rate of nothing', { sweep: { schedule: 'rate(0 days)' } }, /'rate\(0 days\)' is no/, /12 hours/],
    ['no starts', { sweep: { startsPerSecond: 0 } }, /startsPerSecond '0' is out of range/, /from 1 to 25/],
    ['too many', { sweep: { startsPerSecond: 26 } }, /startsPerSecond '26' is out/, /from 1 to 25/],
    [
      'an ARN for a topic',
      { alarmTopic: untyped('arn:aws:sns:a:1:b') },
      /alarmTopic 'arn.+' is no topic/,
      /fromTopicArn/,
    ],
    ['no topic', { alarmTopic: untyped(null) }, /alarmTopic 'null' is no topic/, /fromTopicArn/],
    ['half a start', { sweep: { startsPerSecond: 0.5 } }, /'0\.5' is out of range/, /from 1 to 25/],
    ['a pepper for a day', { pepper: { rotateEvery: 'P1D' } }, /pepper\.rotateEvery 'P1D'/, /P30D to P1000D/],
    ['half a day', { pepper: { rotateEvery: 'P30DT12H' } }, /'P30DT12H' is not/, /in whole days, or false/],
    ['a pepper for ever', { pepper: { rotateEvery: 'P1001D' } }, /'P1001D' is not/, /P30D to P1000D/],
    ['a year', { pepper: { rotateEvery: 'P1Y' } }, /pepper\.rotateEvery 'P1Y'/, DURATION],
    [
      'no such setting',
      { pepper: untyped({ every: 'P90D' }) },
      /pepper has no setting 'every'/,
      /rotateEvery/,
    ],
    ['a rate of no sweep', { sweep: untyped({ rate: 1 }) }, /sweep has no setting 'rate'/, /schedule/],
    ['a pace', { emergency: untyped({ pace: 1 }) }, /emergency has no setting 'pace'/, /keysAtOnce/],
    ['no keys at once', { emergency: { keysAtOnce: 0 } }, /emergency\.keysAtOnce '0' is out of/, /1 to 1000/],
    ['too many keys at once', { emergency: { keysAtOnce: 1001 } }, /'1001' is out of range/, /1 to 1000/],
    ['half a key at once', { emergency: { keysAtOnce: 2.5 } }, /'2\.5' is out of range/, /1 to 1000/],
    ['keys at once that are no number', { emergency: { keysAtOnce: Number('ten') } }, /'NaN'/, /1 to 1000/],
    [
      'a short time to restore',
      { secrets: { recoveryDays: 6 } },
      /secrets\.recoveryDays '6' is out/,
      /7 to 30/,
    ],
    ['half a day to restore', { secrets: { recoveryDays: 7.5 } }, /recoveryDays '7\.5' is out/, /7 to 30/],
    ['an empty endpoint', { secrets: { endpoint: '' } }, /secrets\.endpoint '' is no URL/, /leave it out/],
    [
      'a schedule in words',
      { secrets: { schedule: untyped('false') } },
      /secrets\.schedule 'false' is neither/,
      /not a text/,
    ],
    [
      'a role in words',
      { deliveryApi: { cloudWatchRole: untyped('false') } },
      /cloudWatchRole 'false' is neither/,
      /not a text/,
    ],
    ['no endpoint at all', { secrets: { endpoint: 'api' } }, /secrets\.endpoint 'api' is no URL/, /https:/],
    [
      'an endpoint with a password',
      { secrets: { endpoint: 'https://:pw@api.example.com' } },
      /is no URL that clients/,
      /https:/,
    ],
    [
      'an unknown setting of secrets',
      { secrets: untyped({ kms: 'x' }) },
      /no setting 'kms'/,
      /endpoint, schedule/,
    ],
    ['a short prefix', { prefix: 'a' }, /prefix 'a' is not valid/, /2 to 8 lower-case/],
    ['a prefix in capitals', { prefix: 'ACME' }, /prefix 'ACME' is not valid/, /2 to 8 lower-case/],
    ['an empty prefix', { prefix: '' }, /prefix '' is not valid/, /2 to 8 lower-case/],
    ['a prefix with an underscore', { prefix: 'a_b' }, /prefix 'a_b' is not valid/, /2 to 8 lower-case/],
    ['keyMemory in words', { keyMemory: '5 seconds' }, /keyMemory '5 seconds' is not an ISO 8601/, DURATION],
    ['keyMemory too long', { keyMemory: 'PT6M' }, /keyMemory 'PT6M' is too long/, /PT0S to PT5M/],
    [
      'useFlushInterval in words',
      { useFlushInterval: '10' },
      /useFlushInterval '10' is not an ISO/,
      DURATION,
    ],
    [
      'useFlushInterval too long',
      { useFlushInterval: 'PT1H' },
      /useFlushInterval 'PT1H' is too/,
      /PT0S to PT5M/,
    ],
    [
      'a policy by a bad name',
      { policies: { 'My Policy': {} } },
      /'My Policy' is not valid/,
      /starting with a letter/,
    ],
    ['a policy in months', policy({ rotateEvery: 'P3M' }), /rotateEvery 'P3M' is not an ISO 8601/, DURATION],
    [
      'a policy without grace',
      policy({ gracePeriod: 'PT0S' }),
      /gracePeriod 'PT0S' is zero/,
      /at least PT1S/,
    ],
    [
      'a grace period longer than the rotation',
      policy({ rotateEvery: 'P1D', gracePeriod: 'P2D' }),
      /gracePeriod 'P2D' is not shorter than rotateEvery 'P1D'/,
      /shorten the grace period/,
    ],
    [
      'a threshold that is a share',
      policy({ migrationThresholdPercent: 0 }),
      /migrationThresholdPercent '0' is out of range/,
      /above 0 and up to 100/,
    ],
    [
      'a threshold above all',
      policy({ migrationThresholdPercent: 101 }),
      /'101' is out of range/,
      /such as 95/,
    ],
    [
      'no whole extensions',
      policy({ maxExtensions: 1.5 }),
      /maxExtensions '1.5' is out of range/,
      /0 to 365/,
    ],
    [
      'an unknown end',
      policy({ afterMaxExtensions: 'wait' }),
      /afterMaxExtensions 'wait' is not known/,
      /'hold' .* or 'retire'/,
    ],
  ])('refuse %s', (_what, props, wrong, mend) => {
    const message = messageOf(() => bench(props));
    expect(message).toMatch(wrong);
    expect(message).toMatch(mend);
  });

  it('refuse a FIFO topic and one of another Region: no alarm could be told to it', () => {
    const app = newApp();
    const elsewhere = new Stack(app, 'Elsewhere', { env: { region: 'eu-west-1' } });
    const here = new Stack(app, 'Here', { env: { region: 'eu-central-1' } });
    const refusalOf = (alarmTopic: ITopic) =>
      messageOf(() => new ApiKeyLifecycle(here, `For${alarmTopic.node.id}`, { alarmTopic }));

    const fifo = new Topic(here, 'Fifo', { fifo: true });
    expect(refusalOf(fifo)).toMatch(/alarmTopic 'Here\/Fifo' is a FIFO topic.*standard topic/);
    expect(refusalOf(new Topic(elsewhere, 'Far'))).toMatch(
      /alarmTopic 'Elsewhere\/Far' is in eu-west-1, its alarms are in eu-central-1.*same Region/,
    );
    expect(() => new ApiKeyLifecycle(here, 'Near', { alarmTopic: new Topic(here, 'Near1') })).not.toThrow();
  });

  it.each(['oncall', 'arn:aws:sqs:eu-central-1:111122223333:oncall', ''])(
    'refuse %j as the ARN of a topic, from the command line',
    (alarmTopicArn) => {
      const message = messageOf(() => keyturnTemplate({ alarmTopicArn }));
      expect(message).toMatch(/alarmTopic '.*' is no ARN of a topic\. Write arn:aws:sns:/);
    },
  );

  it.each<ApiKeyLifecycleProps>([
    { prefix: 'ab' },
    { prefix: 'acme2026' },
    { keyMemory: 'PT0S', useFlushInterval: 'PT5M' },
    { policies: { weekly: { rotateEvery: 'P1W', maxExtensions: 0 } } },
  ])('take %j', (props) => {
    expect(() => bench(props)).not.toThrow();
  });

  it('refuse to be deployed before no API, since no new key could be verified', () => {
    expect(() => bench().app.synth()).toThrow(
      /No API is protected.*Call protectRestApi\(api\) or protectHttpApi/s,
    );
  });
});

type Case = [string, RestProtectionOptions & HttpProtectionOptions, RegExp, RegExp];

const FOR_BOTH: Case[] = [
  ['no environment', { environments: [] }, /environments \[\] is empty/, /Choose from live, test/],
  [
    'an unknown environment',
    { environments: untyped(['prod']) },
    /environments \[prod\] .*unknown/,
    /Choose from live, test/,
  ],
  [
    'unknown tool scopes',
    { toolScopes: untyped('yes') },
    /toolScopes 'yes' is not known/,
    /gateway, backend, off/,
  ],
  ['cacheTtl in words', { cacheTtl: 'five minutes' }, /cacheTtl 'five minutes' is not an ISO 8601/, DURATION],
  ['cacheTtl too long', { cacheTtl: 'PT2H' }, /cacheTtl 'PT2H' is longer/, /PT0S \(off\) to PT1H/],
  [
    'a key header of its own',
    { keyHeader: untyped('x-token') },
    /keyHeader 'x-token' is not known/,
    /Authorization or x-api-key/,
  ],
  [
    'a route without a method',
    { scopes: { '/orders': ['orders:read'] } },
    /the route '\/orders', which is none/,
    /'GET \/orders\/\{id\}'/,
  ],
  [
    'a route in small letters',
    { scopes: { 'get /orders': [] } },
    /the route 'get \/orders'/,
    /'ANY \/orders'/,
  ],
  [
    'a scope without a colon',
    { scopes: { '*': ['orders'] } },
    /scope 'orders' has no colon/,
    /<area>:<action>/,
  ],
  [
    'a scope that would end a header',
    { scopes: { '*': ['orders:read"'] } },
    /has the action 'read\\"'/,
    /Write the action/,
  ],
];

describe.each([
  ['REST', withRest],
  ['HTTP', withHttp],
] as const)('a %s API', (_kind, protect) => {
  it.each(FOR_BOTH)('refuses %s', (_what, options, wrong, mend) => {
    const message = messageOf(() => protect(options));
    expect(message).toMatch(wrong);
    expect(message).toMatch(mend);
  });

  it('takes routes, scopes and environments that there are', () => {
    const scopes = {
      'GET /orders/{id}': ['orders:read'],
      'ANY /orders': ['orders:*'],
      $default: ['any:thing'],
      '*': [],
    };
    expect(() => protect({ scopes, environments: ['test'], toolScopes: 'off' })).not.toThrow();
  });

  it('refuses to be protected twice', () => {
    const { stack, keys, backend } = bench();
    const twice =
      protect === withRest
        ? (
            (api) => () =>
              keys.protectRestApi(api)
          )(restApi(stack, backend).api)
        : (
            (api) => () =>
              keys.protectHttpApi(api)
          )(httpApi(stack, backend));
    twice();
    expect(messageOf(twice)).toMatch(/The API 'Own\/\w+' is protected already\. Protect each API once/);
  });
});

describe('a REST API', () => {
  it.each(['', 'my "realm"', "it's", 'a\nb', 'x'.repeat(65)])('refuses the realm %j', (realm) => {
    const message = messageOf(() => withRest({ realm }));
    expect(message).toContain(`realm '${realm}' is not valid.`);
    expect(message).toMatch(/Use up to 64 letters/);
  });

  it('refuses an unknown type of authorizer', () => {
    expect(messageOf(() => withRest({ authorizerType: untyped('COGNITO') }))).toMatch(
      /authorizerType 'COGNITO' is not known\. Choose REQUEST or TOKEN\./,
    );
  });

  it('refuses scopes by route before a TOKEN authorizer, and takes one list for all', () => {
    const message = messageOf(() =>
      withRest({ authorizerType: 'TOKEN', scopes: { 'GET /orders': ['orders:read'] } }),
    );
    expect(message).toMatch(
      /a TOKEN authorizer never sees.*Use authorizerType 'REQUEST', or one list for '\*'/,
    );
    expect(() => withRest({ authorizerType: 'TOKEN', scopes: { '*': ['orders:read'] } })).not.toThrow();
  });

  it('refuses a cache without a stage, which no refusal could empty', () => {
    const { stack, keys } = bench();
    const api = new RestApi(stack, 'Undeployed', { deploy: false });
    expect(messageOf(() => keys.protectRestApi(api, { cacheTtl: 'PT1M' }))).toMatch(
      /'Own\/Undeployed', which has no stage.*leave cacheTtl out/,
    );
  });
});

describe('an HTTP API', () => {
  it('refuses an unknown form of answer', () => {
    expect(messageOf(() => withHttp({ answer: untyped('yes') }))).toMatch(
      /answer 'yes' is not known\. Choose simple or policy\./,
    );
  });
});

describe('an API in another stack than its keys', () => {
  it.each(['rest', 'http'] as const)('refuses a cache that refusals could not empty (%s)', (kind) => {
    const { keys, app } = bench();
    const other = bench({}, app, 'Other');
    const protect = () =>
      kind === 'rest'
        ? keys.protectRestApi(restApi(other.stack, other.backend).api, { cacheTtl: 'PT1M' })
        : keys.protectHttpApi(httpApi(other.stack, other.backend), { cacheTtl: 'PT1M' });
    expect(messageOf(protect)).toMatch(/'Other\/\w+', which is in another stack.*Put both into one stack/);
  });
});
