/** The CDK application: configuration in, stacks out. Nothing is looked up, so it needs no account to synthesize. */
import { App, Aspects, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readAuthority } from '../lib/authority-file.ts';
import { InvalidConfiguration } from '../lib/invalid-configuration.ts';
import { KeyturnStack } from '../lib/keyturn-stack.ts';
import { readPolicies } from '../lib/policies-file.ts';
import { WithoutRotationSchedules } from '../lib/without-rotation-schedules.ts';

// Who configures reads what is wrong and how to mend it, and not where it was found.
process.on('uncaughtException', (error) => {
  console.error(error instanceof InvalidConfiguration ? error.message : error);
  process.exit(1);
});

const app = new App();
const text = (name: string): string | undefined => app.node.tryGetContext(name) as string | undefined;
const prefix = text('prefix');
const [vaultAddress, vaultCredentials] = [text('vaultAddress'), text('vaultCredentials')];
const [notifyFrom, notifyReplyTo] = [text('notifyFrom'), text('notifyReplyTo')];
const notifyFooter = text('notifyFooter');
const [keysAtOnce, policies] = [text('keysAtOnce'), text('policies')];
const [webhookPrivate, webhookAuthority] = [text('webhookPrivateAddresses'), text('webhookAuthority')];
const alarmTopicArn = text('alarmTopic');

new KeyturnStack(app, text('stack') ?? 'Keyturn', {
  description: 'Keyturn: the life of API keys, with an example MCP server',
  ...(alarmTopicArn === undefined ? {} : { alarmTopicArn }),
  keys: {
    ...(prefix === undefined ? {} : { prefix }),
    ...(policies === undefined ? {} : { policies: readPolicies(policies) }),
    ...(keysAtOnce === undefined ? {} : { emergency: { keysAtOnce: Number(keysAtOnce) } }),
    ...(vaultAddress === undefined
      ? {}
      : {
          deliveries: {
            vault: { address: vaultAddress, credentialsSecret: vaultCredentials ?? 'keyturn-vault' },
          },
        }),
    ...([notifyFrom, notifyReplyTo, notifyFooter].every((value) => value === undefined)
      ? {}
      : {
          notifications: {
            from: notifyFrom ?? '',
            ...(notifyReplyTo === undefined ? {} : { replyTo: notifyReplyTo }),
            ...(notifyFooter === undefined ? {} : { footer: notifyFooter }),
          },
        }),
    webhooks: {
      allowPrivateAddresses: webhookPrivate !== undefined,
      ...(webhookAuthority === undefined
        ? {}
        : { certificateAuthorities: [readAuthority(webhookAuthority)] }),
    },
    ...(text('throwAway') === undefined ? {} : { removalPolicy: RemovalPolicy.DESTROY }),
  },
});

// Set by the tools of the local cloud alone.
if (process.env['KEYTURN_LOCAL'] !== undefined) Aspects.of(app).add(new WithoutRotationSchedules());
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
