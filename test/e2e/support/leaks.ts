/** Where keys might have leaked to, and how to see that one has. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { expect } from 'vitest';
import { parseKey } from '../../../lambdas/core/domain/key-format.ts';
import { type AwsConfig, awsConfig } from './deployment.ts';
import { histories } from './written/executions.ts';
import { logLines } from './written/logs.ts';
import { archivedEvents, sent } from './written/messages.ts';
import { objects } from './written/objects.ts';
import { otherSecrets } from './written/secrets.ts';
import { functionConfigurations, tableItems } from './written/table.ts';

/** A text of each place, under `<kind of place> <name>`. */
export type Texts = Map<string, string>;

/** The table, logs, executions, metrics, objects, messages, and what the local cloud itself has written. */
export async function everything(aws: AwsConfig = awsConfig): Promise<Texts> {
  const metrics = await new CloudWatchClient(aws).send(new ListMetricsCommand({}));
  return new Map([
    ['table', await tableItems(aws)],
    ['functions', await functionConfigurations(aws)],
    ['metrics', JSON.stringify(metrics.Metrics)],
    ['mails', await sent(aws, 'ses')],
    ['queues', await sent(aws, 'sqs')],
    ...named('log', await logLines(aws)),
    ...named('execution', await histories(aws)),
    ...named('object', await objects(aws)),
    ...named('secret', await otherSecrets(aws)),
    ...named('archive', await archivedEvents(aws)),
    ...named('file', files()),
  ]);
}

const named = (kind: string, texts: Texts): [string, string][] =>
  [...texts].map(([name, text]) => [`${kind} ${name}`, text]);

/** Of the run's own directory, but for what the CDK has put there. */
function files(): Texts {
  const directory = process.env['KEYTURN_STATE_DIR'];
  if (!directory) return new Map();
  const names = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  return new Map(names.map((name) => [name, readFileSync(join(directory, name), 'latin1')]));
}

/** Anything of a key's shape whose checksum is right: there is no other way to look like one. */
export const keysIn = (text: string): string[] =>
  (text.match(/\b[a-z0-9]{2,8}_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b/g) ?? []).filter(
    (found) => parseKey(found).ok,
  );

/** What of a key tells it: the same in whatever it is wrapped. */
export const secretOf = (key: string): string => key.slice(-49, -6);

/** The places that hold a key, or one of these secrets. */
export const placesWith = (texts: Texts, secrets: readonly string[]): string[] =>
  [...texts]
    .filter(([, text]) => keysIn(text).length > 0 || secrets.some((secret) => found(text, secret)))
    .map(([place]) => place);

/** As it is, or as any Base64 of a text that has it. */
function found(text: string, secret: string): boolean {
  return text.includes(secret) || encodings(secret).some((part) => text.includes(part));
}

/** Three alignments; the first and last characters depend on what stands beside the secret. */
const encodings = (secret: string): string[] =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from(`${'x'.repeat(before)}${secret}`);
    return (['base64', 'base64url'] as const).map((form) =>
      bytes.toString(form).replace(/=+$/, '').slice(4, -4),
    );
  });

/** @param keys whole ones, each of which has been in use */
export function expectNowhere(texts: Texts, keys: readonly string[], ...others: readonly string[]): void {
  for (const key of keys) expect(keysIn(key)).toEqual([key]);
  expect(placesWith(texts, [...keys.map(secretOf), ...others])).toEqual([]);
}
