/** The caller's API key, as Keyturn's authorizer tells it to the backend. */
import { ENVIRONMENTS, type Environment } from '../rules/words.ts';

export interface KeyContext {
  /** 12 characters, public, safe to log. */
  readonly keyId: string;
  readonly keyVersion: number;
  readonly keyStatus: 'active' | 'deprecating';
  readonly owner: string;
  readonly environment: Environment;
  readonly scopes: readonly string[];
  /** ISO 8601 UTC; present while deprecating. */
  readonly keyExpiresAt?: string;
}

/** `KEY_CONTEXT_MISSING`: no authorizer stands before this route. `KEY_CONTEXT_INVALID`: another one than Keyturn's. */
export type KeyContextErrorCode = 'KEY_CONTEXT_MISSING' | 'KEY_CONTEXT_INVALID';

/** The API is not set up as it must be. Answer 500 and call no tool: nobody has checked this caller's key. */
export class KeyContextError extends Error {
  override readonly name = 'KeyContextError';
  readonly retryable = false;
  readonly code: KeyContextErrorCode;

  constructor(code: KeyContextErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What this module reads of a Lambda proxy event. */
export interface AuthorizedEvent {
  readonly requestContext?: { readonly authorizer?: unknown } | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Reads the authorizer's context from the proxy event of a REST API (payload 1.0, `requestContext.authorizer`) or of an
 * HTTP API (payload 2.0, `requestContext.authorizer.lambda`). API Gateway writes it; a client cannot.
 *
 * @throws KeyContextError if the event carries no such context, or one that lacks a value
 */
export function keyContext(event: AuthorizedEvent): KeyContext {
  const values = contextValues(event);
  const keyExpiresAt = optionalTime(values, 'keyExpiresAt');
  return {
    keyId: text(values, 'keyId'),
    keyVersion: versionNumber(values),
    keyStatus: oneOf(values, 'keyStatus', ['active', 'deprecating'] as const),
    owner: text(values, 'owner'),
    environment: oneOf(values, 'environment', ENVIRONMENTS),
    // Absent means none: an empty context value may not arrive at all, and no scope is the least privilege.
    scopes: String(values.scopes ?? '')
      .split(' ')
      .filter(Boolean),
    ...(keyExpiresAt !== undefined && { keyExpiresAt }),
  };
}

function contextValues(event: AuthorizedEvent): Values {
  const authorizer = event.requestContext?.authorizer;
  const values = isValues(authorizer) && isValues(authorizer.lambda) ? authorizer.lambda : authorizer;
  if (isValues(values) && values.keyId !== undefined) return values;
  throw new KeyContextError(
    'KEY_CONTEXT_MISSING',
    'The event has no Keyturn authorizer context. Protect this route with protectRestApi or protectHttpApi.',
  );
}

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

function text(values: Values, field: string): string {
  const value = values[field];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(field, value, 'a text');
}

function versionNumber(values: Values): number {
  // REST APIs turn every context value into a string, HTTP APIs keep numbers.
  const version = Number(values.keyVersion);
  if (Number.isSafeInteger(version) && version > 0) return version;
  throw invalid('keyVersion', values.keyVersion, 'a whole number from 1');
}

function oneOf<Word extends string>(values: Values, field: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === values[field]);
  if (word !== undefined) return word;
  throw invalid(field, values[field], words.join(' or '));
}

function optionalTime(values: Values, field: string): string | undefined {
  const value = values[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return value;
  throw invalid(field, value, 'an ISO 8601 time');
}

const invalid = (field: string, value: unknown, wanted: string) =>
  new KeyContextError(
    'KEY_CONTEXT_INVALID',
    `The authorizer context has ${field} ${JSON.stringify(value) ?? 'missing'}, not ${wanted}. Is this Keyturn's authorizer?`,
  );
