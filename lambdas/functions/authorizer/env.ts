/** The authorizer's environment: what `lib` must set, and how it is read. */
import type { ApiRules } from '../../core/domain/authorization.ts';
import { readEnvironment } from '../environment.ts';
import type { KeyHeaders } from './request-from-event.ts';

export interface AuthorizerEnv {
  readonly TABLE_NAME: string;
  readonly PEPPER_SECRET_ID: string;
  /** JSON of `ApiRules`. */
  readonly API_RULES: string;
  /** Which headers may carry the key. */
  readonly KEY_HEADER: KeyHeaders;
  /** Seconds that a key may be answered from memory. */
  readonly MEMORY_SECONDS: string;
  /** Seconds that use counts may wait. */
  readonly FLUSH_SECONDS: string;
  /** Seconds of the windows in which wrong keys are counted. */
  readonly WRONG_KEY_WINDOW_SECONDS: string;
  /** How an HTTP API wants its answer; REST APIs take policies only. */
  readonly ANSWER: 'simple' | 'policy';
  /** `yes` when API Gateway keeps answers: an answer must then hold for every method. */
  readonly CACHED: 'yes' | 'no';
  readonly URL_SUFFIX: string;
}

export interface AuthorizerSettings {
  readonly tableName: string;
  readonly pepperSecretId: string;
  readonly rules: ApiRules;
  readonly keyHeaders: KeyHeaders;
  readonly memoryMs: number;
  readonly flushMs: number;
  readonly wrongKeyWindowSeconds: number;
  readonly simpleAnswer: boolean;
  readonly cached: boolean;
  readonly urlSuffix: string;
}

export function readSettings(): AuthorizerSettings {
  const env = readEnvironment([
    'TABLE_NAME',
    'PEPPER_SECRET_ID',
    'API_RULES',
    'KEY_HEADER',
    'MEMORY_SECONDS',
    'FLUSH_SECONDS',
    'WRONG_KEY_WINDOW_SECONDS',
    'ANSWER',
    'CACHED',
    'URL_SUFFIX',
  ] as const satisfies readonly (keyof AuthorizerEnv)[]);
  return {
    tableName: env.TABLE_NAME,
    pepperSecretId: env.PEPPER_SECRET_ID,
    rules: JSON.parse(env.API_RULES) as ApiRules,
    keyHeaders: env.KEY_HEADER as KeyHeaders,
    memoryMs: Number(env.MEMORY_SECONDS) * 1000,
    flushMs: Number(env.FLUSH_SECONDS) * 1000,
    wrongKeyWindowSeconds: Number(env.WRONG_KEY_WINDOW_SECONDS),
    simpleAnswer: env.ANSWER === 'simple',
    cached: env.CACHED === 'yes',
    urlSuffix: env.URL_SUFFIX,
  };
}
