import { EXIT, type ExitCode } from '../exit.ts';
import { confirm, type Invocation, requireConsent } from '../invocation.ts';
import { ownerAddress } from '../options/mail-values.ts';
import { eventTypes, httpsUrl, webhookId, words } from '../options/values.ts';
import {
  removedWebhook,
  rotatedSecret,
  testedWebhook,
  webhookAdded,
  webhookDetails,
  webhookLine,
  webhookTable,
} from '../output/render-webhooks.ts';
import type { Register } from './register.ts';

interface AddOptions {
  readonly owner?: string;
  readonly event?: readonly string[];
  readonly description?: string;
}
interface Reasoned {
  readonly reason: string;
}

const ID = "the webhook's id";

/** `keyturn webhooks`: who is told of events by signed HTTPS calls. */
export const registerWebhooks: Register = (program, handle) => {
  const webhooks = program
    .command('webhooks')
    .description('Tell other systems of events by signed HTTPS calls (Standard Webhooks)');
  webhooks
    .command('add')
    .description('Add a webhook; prints the secret that its receiver verifies by, once')
    .argument('<url>', 'address of the receiver, https', httpsUrl)
    .option('--owner <address>', "events of this owner's keys alone (default: all events)", words)
    .option(
      '--event <type>',
      "such as 'key.issued'; repeatable, or several with commas (default: all)",
      eventTypes,
    )
    .option('--description <text>', 'what it is for, in a few words', words)
    .action(handle(add));
  webhooks
    .command('list')
    .description('List webhooks')
    .option('--owner <address>', "this owner's webhooks alone", ownerAddress)
    .action(handle(list));
  webhooks
    .command('show')
    .description('Show a webhook and its latest deliveries')
    .argument('<webhookId>', ID, webhookId)
    .action(handle(show));
  webhooks
    .command('test')
    .description('Send a signed test event at once, and show what comes back')
    .argument('<webhookId>', ID, webhookId)
    .action(handle(test));
  webhooks
    .command('rotate-secret')
    .description('Make another secret; the one before signs too for a day')
    .argument('<webhookId>', ID, webhookId)
    .option('--immediate', 'the secret before signs no more: it has leaked', false)
    .action(handle(rotateSecret));
  for (const action of ['enable', 'disable'] as const) {
    webhooks
      .command(action)
      .description(
        action === 'enable' ? 'Let a disabled webhook be called again' : 'Call a webhook no more, for now',
      )
      .argument('<webhookId>', ID, webhookId)
      .requiredOption('--reason <text>', 'why, for the audit', words)
      .action(
        handle((run: Invocation, id: string, options: Reasoned) => setStatus(run, action, id, options)),
      );
  }
  webhooks
    .command('remove')
    .description('Remove a webhook for good')
    .argument('<webhookId>', ID, webhookId)
    .option('--reason <text>', 'why, for the audit', words)
    .action(handle(remove));
};

async function add(
  run: Invocation,
  url: string,
  { owner, event, description }: AddOptions,
): Promise<ExitCode> {
  const { admin } = await run.connect();
  const added = await admin.call('add-webhook', {
    url,
    ...(owner === undefined ? {} : { owner }),
    ...(event === undefined ? {} : { events: event }),
    ...(description === undefined ? {} : { description }),
  });
  run.result(added, (paint, nowMs) => webhookAdded(added, paint, nowMs));
  return EXIT.done;
}

async function list(run: Invocation, options: { readonly owner?: string }): Promise<ExitCode> {
  const { admin } = await run.connect();
  const found = await admin.call('webhooks', options);
  run.result(found, (paint, nowMs) => webhookTable(found, options.owner, paint, nowMs));
  return EXIT.done;
}

async function show(run: Invocation, id: string): Promise<ExitCode> {
  const { admin } = await run.connect();
  const webhook = await admin.call('webhook', { webhookId: id });
  run.result(webhook, (paint, nowMs) => webhookDetails(webhook, paint, nowMs));
  return EXIT.done;
}

/** A receiver that does not take the test fails the command. */
async function test(run: Invocation, id: string): Promise<ExitCode> {
  const { admin } = await run.connect();
  const tested = await admin.call('test-webhook', { webhookId: id });
  run.result(tested, (paint) => testedWebhook(tested, paint));
  return tested.delivered ? EXIT.done : EXIT.failed;
}

async function rotateSecret(
  run: Invocation,
  id: string,
  { immediate }: { readonly immediate: boolean },
): Promise<ExitCode> {
  if (immediate) {
    requireConsent(run);
    await confirm(
      run,
      `Let webhook ${id} sign by the new secret alone, which its receiver does not know yet?`,
    );
  }
  const { admin } = await run.connect();
  const rotated = await admin.call('rotate-webhook-secret', { webhookId: id, immediate });
  run.result(rotated, (paint, nowMs) => rotatedSecret(rotated, paint, nowMs));
  return EXIT.done;
}

async function setStatus(
  run: Invocation,
  action: 'enable' | 'disable',
  id: string,
  { reason }: Reasoned,
): Promise<ExitCode> {
  const { admin } = await run.connect();
  const webhook = await admin.call(`${action}-webhook`, { webhookId: id, reason });
  run.result(webhook, (paint, nowMs) => webhookLine(webhook, paint, nowMs));
  return EXIT.done;
}

async function remove(run: Invocation, id: string, { reason }: Partial<Reasoned>): Promise<ExitCode> {
  requireConsent(run);
  const { admin } = await run.connect();
  await confirm(run, `Remove webhook ${id} for good, with its secrets and what waits for it?`);
  const input = { webhookId: id, ...(reason === undefined ? {} : { reason }) };
  const webhook = await admin.call('remove-webhook', input);
  run.result(webhook, (paint) => removedWebhook(webhook, paint));
  return EXIT.done;
}
