/** What the audit is checked from, as it is stored: whoever asks does not take this function's word for anything. */
import { DAY_MS } from '../../../rules/time-units.ts';
import { KEY_CHAIN_PREFIX } from '../../core/domain/audit-event.ts';
import type { ChainHead } from '../../core/domain/audit-proof/chain-head.ts';
import { isSignedDigest } from '../../core/domain/audit-proof/digest.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { AuditChains } from '../../core/ports/audit-chains.ts';
import type { ChainReader, DigestSigner, DigestStore } from '../../core/ports/audit-proof.ts';
import type { Answer } from './actions.ts';
import type {
  AuditDigestsInput,
  AuditHeadsInput,
  ChainEventsInput,
  ChainsSinceInput,
} from './audit-proof-contract.ts';
import { failure, success } from './outcomes.ts';

export interface AuditProofDeps {
  readonly chainReader: ChainReader;
  readonly chains: Pick<AuditChains, 'head'>;
  readonly digests: Pick<DigestStore, 'days' | 'find' | 'heads'>;
  readonly signer: Pick<DigestSigner, 'publicKey'>;
  readonly table: string;
  readonly clock: Clock;
}

const DIGESTS_A_PAGE = 60;
const HEADS_A_PAGE = 15_000;
const MOST_CHAINS = 200;
const AT_ONCE = 20;
/** An answer with so many names goes on to no other day. */
const MANY_CHAINS = 10_000;
/** Lambda answers at most 6 MB, and escapes some of what is in it. */
const ANSWER_BYTES = 3_000_000;
/** Of the function's thirty seconds. */
const READING_MS = 15_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export async function auditDigests(
  deps: AuditProofDeps,
  { after }: AuditDigestsInput,
): Answer<'audit-digests'> {
  if (after !== undefined && !isDay(after)) return badDay('after', after);
  const days = (await deps.digests.days()).filter((day) => after === undefined || day > after);
  const page = days.slice(0, DIGESTS_A_PAGE);
  const digests = await Promise.all(
    page.map(async (day) => ({ day, ...((await deps.digests.find(day)) ?? GONE) })),
  );
  return success({
    table: deps.table,
    publicKey: await deps.signer.publicKey(),
    now: new Date(deps.clock()).toISOString(),
    digests,
    more: days.length > page.length,
  });
}

/** Its lock has ended, and every version of it was deleted. */
const GONE = { found: null, overwritten: true };

export async function auditHeads(
  { digests }: AuditProofDeps,
  { day, which, after = '' }: AuditHeadsInput,
): Answer<'audit-heads'> {
  if (!isDay(day)) return badDay('day', day);
  if (which !== 'all' && which !== 'moved')
    return failure('bad-request', `which '${String(which)}' is not known.`, 'Choose all or moved.');
  const { found } = (await digests.find(day)) ?? GONE;
  const heads = isSignedDigest(found) ? await digests.heads({ which, digest: found.digest }) : undefined;
  const left = (heads ?? []).filter(({ chain }) => chain > String(after));
  return success({ heads: left.slice(0, HEADS_A_PAGE), more: left.length > HEADS_A_PAGE });
}

export async function auditChainEvents(
  { chainReader, clock }: AuditProofDeps,
  { wants }: ChainEventsInput,
): Answer<'audit-chain-events'> {
  if (!areWants(wants)) {
    const hint = `Give up to ${MOST_CHAINS}: {"chain": "key/…", "after": 0}, with "upTo" to the last one wanted.`;
    return failure('bad-request', 'wants are not chains with places in them.', hint);
  }
  const untilMs = clock() + READING_MS;
  const events: { readonly chain: string; readonly event: unknown }[] = [];
  let bytes = 0;
  for (let answered = 0; answered < wants.length; answered += AT_ONCE) {
    if (clock() > untilMs) return success({ events, answered });
    const group = wants.slice(answered, answered + AT_ONCE);
    const found = await Promise.all(group.map((want) => readChain(chainReader, want)));
    for (const [place, { chain }] of group.entries()) {
      const { read, whole } = found[place] as ChainRead;
      for (const event of read) {
        bytes += sizeOf(event) + chain.length;
        if (bytes > ANSWER_BYTES) return success({ events, answered: answered + place });
        events.push({ chain, event });
      }
      if (!whole) return success({ events, answered: answered + place });
    }
  }
  return success({ events, answered: wants.length });
}

interface ChainRead {
  readonly read: readonly unknown[];
  /** False: there is more of it than an answer holds. */
  readonly whole: boolean;
}

async function readChain(
  reader: ChainReader,
  { chain, ...range }: ChainEventsInput['wants'][number],
): Promise<ChainRead> {
  const read: unknown[] = [];
  let bytes = 0;
  for await (const page of reader.events(chain, range)) {
    read.push(...page);
    bytes += page.reduce<number>((sum, event) => sum + sizeOf(event), 0);
    if (bytes > ANSWER_BYTES) return { read, whole: false };
  }
  return { read, whole: true };
}

const sizeOf = (event: unknown): number => JSON.stringify(event ?? null).length;

export async function auditChainsSince(
  { chainReader, clock }: AuditProofDeps,
  { from }: ChainsSinceInput,
): Answer<'audit-chains-since'> {
  const fromMs = typeof from === 'string' ? Date.parse(from) : Number.NaN;
  if (Number.isNaN(fromMs) || fromMs < 0)
    return failure('bad-request', `from '${String(from)}' is no time.`, 'Give an ISO 8601 UTC time.');
  const untilMs = clock() + READING_MS;
  const chains = new Set<string>();
  let startMs = fromMs;
  let more = true;
  while (more && chains.size < MANY_CHAINS && clock() <= untilMs) {
    const nextMs = startMs - (startMs % DAY_MS) + DAY_MS;
    for await (const page of chainReader.chainsSince(startMs, nextMs - 1))
      for (const name of page) chains.add(name);
    startMs = nextMs;
    more = nextMs <= clock() + DAY_MS;
  }
  return success({ chains: [...chains].sort(), next: more ? new Date(startMs).toISOString() : null });
}

export async function auditEnds(
  { chainReader, chains: others }: AuditProofDeps,
  { chains }: { readonly chains: readonly string[] },
): Answer<'audit-ends'> {
  if (!Array.isArray(chains) || chains.length > MOST_CHAINS || !chains.every(isName))
    return failure('bad-request', 'chains are not names of chains.', `Give up to ${MOST_CHAINS} names.`);
  const ofKeys = await chainReader.keyHeads(chains.filter(isOfKey));
  const ofOthers = await Promise.all(
    chains
      .filter((chain) => !isOfKey(chain))
      .map(async (chain): Promise<ChainHead> => ({ chain, ...(await others.head(chain)) })),
  );
  return success({ heads: [...ofKeys, ...ofOthers.filter(({ sequence }) => sequence > 0)] });
}

const isOfKey = (chain: string): boolean => chain.startsWith(KEY_CHAIN_PREFIX);
const isDay = (text: unknown): text is string => typeof text === 'string' && DAY.test(text);
const isName = (text: unknown): text is string =>
  typeof text === 'string' && text.length > 0 && text.length <= 500;
const isPlace = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const areWants = (wants: unknown): wants is ChainEventsInput['wants'] =>
  Array.isArray(wants) &&
  wants.length <= MOST_CHAINS &&
  wants.every(
    (want: Partial<ChainEventsInput['wants'][number]> | null) =>
      isName(want?.chain) && isPlace(want?.after) && (want?.upTo === undefined || isPlace(want.upTo)),
  );

const badDay = (what: string, day: unknown) =>
  failure('bad-request', `${what} '${String(day)}' is no day.`, 'Give a day such as 2026-11-23.');
