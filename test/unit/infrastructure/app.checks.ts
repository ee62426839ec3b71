/** The application as `cdk synth` runs it, and what cdk-nag says of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Aspects, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { KeyturnStack } from '../../../lib/keyturn-stack.ts';
import { WithoutRotationSchedules } from '../../../lib/without-rotation-schedules.ts';
import { newApp } from '../../support/synth.ts';
import { type SynthesizeOptions, synthesize } from '../../support/synthesize.ts';

const APP = new URL('../../../bin/keyturn.ts', import.meta.url);

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:oncall';

interface CdkTemplate {
  readonly Outputs: Readonly<Record<string, unknown>>;
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
}

describe('the application', () => {
  let text: string;
  let template: CdkTemplate;

  beforeAll(async () => {
    text = readFileSync(join(await synthesize(), 'Keyturn.template.json'), 'utf8');
    template = JSON.parse(text);
  }, 60_000);

  it('fits any partition, Region and account: it names none', () => {
    expect(text).not.toMatch(/arn:aws[a-z-]*:/);
    expect(text).not.toMatch(/\b(us|eu|ap|sa|ca|me|af|il|mx|cn)(-gov)?-[a-z]+-\d\b/);
    expect(text).not.toMatch(/\b\d{12}\b/);
    expect(text).not.toContain('amazonaws.com.cn');
  });

  it('has the outputs by which tools find it', () => {
    expect(Object.keys(template.Outputs)).toEqual(
      expect.arrayContaining([
        'AdminFunctionName',
        'RotationMachineArn',
        'TableName',
        'EventBusName',
        'McpRestUrl',
        'McpHttpUrl',
      ]),
    );
  });

  it('asks for no parameter but the version of the bootstrap stack', () => {
    expect(Object.keys(template.Parameters)).toEqual(['BootstrapVersion']);
  });

  it('has cdk-nag look at all of it', () => {
    expect(readFileSync(APP, 'utf8')).toContain(
      'Validations.of(app).addPlugins(new AwsSolutionsChecks(app));',
    );
  });

  it('takes prefix, name, throw-away, the alarms’ topic and the address of mail from the command line', async () => {
    const own = await synthesize({
      context: {
        prefix: 'acme',
        stack: 'Rehearsal',
        throwAway: 'true',
        alarmTopic: TOPIC,
        notifyFrom: 'keys@acme.dev',
        notifyReplyTo: 'help@acme.dev',
      },
    });
    const rehearsal = readFileSync(join(own, 'Rehearsal.template.json'), 'utf8');
    expect(rehearsal).toContain('"KEY_PREFIX": "acme"');
    expect(rehearsal.split(TOPIC).length).toBeGreaterThan(16);
    expect(rehearsal).toContain('"ses:FromAddress": "keys@acme.dev"');
    expect(rehearsal).toContain('help@acme.dev');
    expect(text).not.toContain('ses:');
    expect(text).not.toContain(TOPIC);
    // All but what is locked, which could not be deleted.
    expect(rehearsal.match(/"DeletionPolicy": "Retain"/g)).toHaveLength(1);
    expect(rehearsal).toContain('"Mode": "GOVERNANCE"');
    expect(text).toContain('"DeletionPolicy": "Retain"');
  });
});

describe('the application for the local cloud', () => {
  it('is the same but for schedules by which Secrets Manager rotates, which its CloudFormation does not know', async () => {
    const read = async (options: SynthesizeOptions) =>
      JSON.parse(readFileSync(join(await synthesize(options), 'Keyturn.template.json'), 'utf8')).Resources;
    const isSchedule = ([, { Type }]: [string, { Type: string }]) =>
      Type === 'AWS::SecretsManager::RotationSchedule';
    const entries = Object.entries<{ Type: string }>(await read({}));
    expect(entries.filter(isSchedule)).toHaveLength(1);
    const rest = Object.fromEntries(entries.filter((entry) => !isSchedule(entry)));
    const local = await read({ environment: { KEYTURN_LOCAL: '1' } });
    expect(Object.keys(local)).toEqual(Object.keys(rest));
  }, 60_000);
});

describe('cdk-nag', () => {
  /** What AwsSolutions finds and nobody acknowledged, as `rule at path`. */
  function findings(app: App): string[] {
    app.synth();
    return new AwsSolutionsChecks(app)
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ resourceLogicalId }) => `${ruleName} at ${resourceLogicalId}`),
      );
  }

  it('finds nothing in the stack that is not acknowledged with a reason', () => {
    const app = newApp();
    new KeyturnStack(app, 'Keyturn');
    expect(findings(app)).toEqual([]);
  });

  it('finds nothing either where operators alone rotate the pepper, or no schedule is known', () => {
    const app = newApp();
    new KeyturnStack(app, 'Keyturn', { keys: { pepper: { rotateEvery: false } } });
    expect(findings(app)).toEqual([]);
    const local = newApp();
    new KeyturnStack(local, 'Keyturn');
    Aspects.of(local).add(new WithoutRotationSchedules());
    expect(findings(local)).toEqual([]);
  });

  it('asks for a schedule of the pepper', () => {
    const app = newApp();
    const stack = new KeyturnStack(app, 'Keyturn');
    const rotation = stack.keys.node.findChild('Default').node.findChild('SecretRotation');
    rotation.node.tryRemoveChild('PepperSchedule');
    expect(findings(app)).toEqual([expect.stringContaining('AwsSolutions-SMG4')]);
  });

  it('finds nothing where mail is sent either', () => {
    const app = newApp();
    new KeyturnStack(app, 'Keyturn', { keys: { notifications: { from: 'keys@acme.dev' } } });
    expect(findings(app)).toEqual([]);
  });

  it('finds what is wrong', () => {
    const app = newApp();
    new Bucket(new Stack(app, 'Careless'), 'Bucket');
    expect(findings(app).join('\n')).toMatch(/AwsSolutions-S1 at /);
  });
});
