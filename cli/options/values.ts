/** The values of flags and arguments, checked before anything is sent. Each throws what commander turns into bad usage. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { isKeyId, parseKey } from '../../lambdas/core/domain/key-format.ts';
import { isWebhookId } from '../../lambdas/core/domain/webhook.ts';
import { nearTypes, WEBHOOK_EVENT_TYPES } from '../../lambdas/core/domain/webhook-events.ts';
import { parseAddressBlock } from '../../rules/address-block.ts';
import { parseDurationSeconds } from '../../rules/duration.ts';
import { parseFutureTime } from '../../rules/future-time.ts';
import { parseReaderArn } from '../../rules/reader-arn.ts';
import { parseRenewalKey, type RenewalKey } from '../../rules/renewal-key.ts';
import { parseScope } from '../../rules/scopes.ts';

const refuse = (message: string): never => {
  throw new InvalidArgumentError(message);
};

/** An ISO 8601 duration longer than nothing, such as `PT24H`. */
export function duration(text: string): string {
  const parsed = parseDurationSeconds(text, 'Duration');
  if (!parsed.ok) return refuse(parsed.hint);
  return parsed.value > 0 ? text : refuse('Give at least PT1S.');
}

/** A time to come: a point in ISO 8601 UTC, or a duration from now. */
export function futureTime(text: string): string {
  const parsed = parseFutureTime(text, 'Time', 0);
  return parsed.ok ? text : refuse(parsed.hint);
}

/** A key's public id. A whole key is refused: it does not belong on a command line. */
export function keyId(text: string): string {
  if (isKeyId(text)) return text;
  const whole = parseKey(text);
  return whole.ok
    ? refuse(
        `That is a whole key, which should not stand on a command line. Give its id alone: ${whole.key.keyId}`,
      )
    : refuse("Give the 12 letters and digits of a key's id; 'keyturn list' shows them.");
}

/** The id of an emergency of many keys. */
export const runId = (text: string): string =>
  /^[A-Za-z0-9-]{1,40}$/.test(text)
    ? text
    : refuse("Give the id that the run was started under; 'keyturn emergency --run' lists the latest.");

/** `<area>:<action>` words; given several times, they add up. */
export function scopes(text: string, before: readonly string[] = []): readonly string[] {
  const scope = parseScope(text);
  return scope.ok ? [...before, text] : refuse(scope.hint);
}

/** An address or a CIDR block, IPv4 or IPv6; given several times, they add up. */
export function addresses(text: string, before: readonly string[] = []): readonly string[] {
  const parsed = parseAddressBlock(text);
  return parsed.ok ? [...before, text] : refuse(parsed.hint);
}

/** ARNs of roles and users; given several times, they add up. */
export function readers(text: string, before: readonly string[] = []): readonly string[] {
  const parsed = parseReaderArn(text);
  return parsed.ok ? [...before, text] : refuse(parsed.hint);
}

const pageSize =
  (most: number) =>
  (text: string): number => {
    const size = Number(text);
    return /^\d+$/.test(text) && size >= 1 && size <= most
      ? size
      : refuse(`Give a whole number from 1 to ${most}.`);
  };

/** A page's size. */
export const limit = pageSize(100);

/** A page's size, of events. */
export const auditLimit = pageSize(2000);

/** Words that must say something: an owner, a name, a reason. */
export const words = (text: string): string =>
  text.trim() === '' ? refuse('Give at least one word.') : text.trim();

/** An http or https address. */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol)
    ? text
    : refuse("Give a whole address, such as 'https://example.com/mcp'.");
}

/** Where a webhook is; whether its host may be called, the deployment decides. */
export function httpsUrl(text: string): string {
  const isHttps = URL.canParse(text) && new URL(text).protocol === 'https:';
  return isHttps ? text : refuse("Give a whole https address, such as 'https://hooks.example.com/keyturn'.");
}

/** The id of a webhook. */
export const webhookId = (text: string): string =>
  isWebhookId(text) ? text : refuse("Give one such as wh_Ab3dEf7hIj9L; 'keyturn webhooks list' shows them.");

/** Types of events; given several times or with commas, they add up. */
export function eventTypes(text: string, before: readonly string[] = []): readonly string[] {
  const types = text.split(',').map((type) => type.trim());
  const unknown = types.find((type) => !WEBHOOK_EVENT_TYPES.includes(type));
  return unknown === undefined
    ? [...before, ...types]
    : refuse(`'${unknown}' is none. ${nearTypes(unknown.slice(0, 60))}`);
}

/** RFC 7638 of a public key: 43 characters, none left out. */
export const thumbprint = (text: string): string =>
  /^[A-Za-z0-9_-]{43}$/.test(text) ? text : refuse('A thumbprint has 43 letters, digits, - and _.');

/** A file with a public key as a JWK. A private one is refused here, before anything is sent, and never repeated. */
export function publicKeyFile(path: string): RenewalKey {
  const key = parseRenewalKey(jsonIn(path));
  return key.ok ? key.value : refuse(`${key.message} ${key.hint}`);
}

function jsonIn(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return refuse('There is no file there that can be read.');
  }
  try {
    return JSON.parse(text);
  } catch {
    // What a parser says of it quotes it.
    return refuse('The file is not JSON. Write the public key as a JWK.');
  }
}
