/** What operators ask about events on record. */
import { type Checked, refused } from '../../../rules/checked.ts';
import { addressKey } from '../../../rules/mail-address.ts';
import { nearestWords } from '../../../rules/nearest-words.ts';
import { parsePeriod } from '../../../rules/period.ts';
import { AUDIT_ACTIONS, type AuditAction, KEY_CHAIN_PREFIX } from '../../core/domain/audit-event.ts';
import { CLOCK_AHEAD_MS } from '../../core/domain/audit-proof/misdated-event.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { MAIL_CHAIN_PREFIX } from '../../core/domain/mail-block.ts';
import { OWNER_CHAIN_PREFIX } from '../../core/domain/owner-settings.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { AuditQuery, AuditReader } from '../../core/ports/audit-reader.ts';
import type { KeyStore } from '../../core/ports/key-store.ts';
import type { Answer } from './actions.ts';
import type { AuditEventsInput } from './audit-contract.ts';
import { badRequest, badToken, success, unknownKey } from './outcomes.ts';

export interface AuditAdminDeps {
  readonly store: Pick<KeyStore, 'find'>;
  readonly reader: Pick<AuditReader, 'events'>;
  readonly clock: Clock;
}

const DEFAULT_LIMIT = 100;
/** Their answer fits into what a function may answer. */
const MOST = 2000;
/** Longer than any principal, and any token. */
const LONGEST_WORDS = 1000;

/** Events as they are stored, by the index that has the fewest others. */
export async function auditEvents(deps: AuditAdminDeps, input: AuditEventsInput): Answer<'audit-events'> {
  const query = queryFrom(input, deps.clock());
  if (!query.ok) return badRequest(query);
  const { keyId } = input;
  if (keyId !== undefined && !(isKeyId(keyId) && (await deps.store.find(keyId))))
    return unknownKey(String(keyId));
  const page = await deps.reader.events(query.value);
  return page === 'bad-token' ? badToken() : success(page);
}

function queryFrom(input: AuditEventsInput, nowMs: number): Checked<AuditQuery> {
  const { keyId, order = 'oldest', limit = DEFAULT_LIMIT } = input;
  const words = WORDS.find((name) => input[name] !== undefined && !isWords(input[name]));
  if (words)
    return refused(
      `${words} '${String(input[words])}' is none.`,
      `Give ${words} as a word, or leave it out.`,
    );
  if (keyId !== undefined && input.chain !== undefined)
    return refused('keyId and chain are given both.', 'Give one of them: the chain of a key is key/<keyId>.');
  if (input.chain !== undefined && !CHAIN.test(input.chain))
    return refused(`chain '${input.chain}' is none.`, `Give one of ${CHAINS}.`);
  if (order !== 'oldest' && order !== 'latest')
    return refused(`order '${String(order)}' is not known.`, 'Choose oldest or latest.');
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    return refused(`limit '${String(limit)}' is out of range.`, `Give a whole number from 1 to ${MOST}.`);
  const kind = kindFrom(input.kind);
  if (!kind.ok) return kind;
  const period = parsePeriod(input, nowMs);
  if (!period.ok) return period;
  const chain = keyId === undefined ? chainFrom(input.chain) : `${KEY_CHAIN_PREFIX}${keyId}`;
  const { owner, actor, nextToken } = input;
  const asked = { chain, owner, kind: kind.value, actor, nextToken };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = period.value;
  // What is dated otherwise was forged, and no check of the chains looks for it there.
  const shown = { fromMs, toMs: Math.min(toMs, nowMs + CLOCK_AHEAD_MS) };
  return { ok: true, value: { ...given, ...shown, order, limit } };
}

/** One that is misspelt would be empty, and look like an answer. */
const CHAIN = /^(?:audit|notices|pepper|wrong-keys|(?:key|policy|webhook|emergency|owner|mail)\/\S+)$/u;
const CHAINS =
  'pepper, audit, notices, wrong-keys, key/<keyId>, policy/<name>, webhook/<id>, emergency/<runId>, owner/<address>, mail/<address>';

/** Those of an address have it in one spelling, however it is asked for. */
const chainFrom = (chain: string | undefined): string | undefined =>
  [OWNER_CHAIN_PREFIX, MAIL_CHAIN_PREFIX].some((prefix) => chain?.startsWith(prefix))
    ? addressKey(chain as string)
    : chain;

const WORDS = ['keyId', 'chain', 'owner', 'actor', 'kind', 'nextToken'] as const;

const isWords = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_WORDS;

function kindFrom(kind: string | undefined): Checked<AuditAction | undefined> {
  if (kind === undefined || isAction(kind)) return { ok: true, value: kind };
  const near = nearestWords(kind, AUDIT_ACTIONS);
  const groups = [...new Set(AUDIT_ACTIONS.map((each) => `${each.split('.')[0]}.…`))].join(', ');
  return refused(
    `kind '${kind}' is not known.`,
    near.length > 0
      ? `Did you mean ${near.join(', ')}?`
      : `Kinds are ${groups}: docs/audit.md lists all of them.`,
  );
}

const isAction = (word: string): word is AuditAction => (AUDIT_ACTIONS as readonly string[]).includes(word);
