/** What no digest has yet: the newest events of every chain, and where its key's own record has it end. */
import type { AuditRecord, HeadRecord } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import { LATE_COMMIT_MS } from '../../lambdas/core/domain/audit-proof/misdated-event.ts';
import type { AdminClient } from '../admin-client.ts';
import { CHAINS_AT_ONCE, type ChainPlaces } from './chain-places.ts';

/** A chain that grows while it is read is read again. */
const ROUNDS = 5;

export async function* liveRecords(
  admin: AdminClient,
  places: ChainPlaces,
  anchorMs: number | undefined,
): AsyncGenerator<AuditRecord> {
  const fromMs = anchorMs === undefined ? await firstEventMs(admin) : anchorMs - LATE_COMMIT_MS;
  const chains = new Set(places.chains);
  if (fromMs !== undefined) for await (const chain of chainsSince(admin, fromMs)) chains.add(chain);
  for await (const chain of chainsOfKeys(admin)) chains.add(chain);
  const all = [...chains].sort();
  for (let start = 0; start < all.length; start += CHAINS_AT_ONCE)
    yield* endsOf(admin, places, all.slice(start, start + CHAINS_AT_ONCE));
}

/** A chain that no digest knows may say that it is old: chains are looked for as far back as anything goes that is asked for. */
async function firstEventMs(admin: AdminClient): Promise<number | undefined> {
  let nextToken: string | null = null;
  do {
    const asked = { limit: 1, ...(nextToken === null ? {} : { nextToken }) };
    const page: Awaited<ReturnType<typeof admin.call<'audit-events'>>> = await admin.call(
      'audit-events',
      asked,
    );
    if (page.events[0]) return page.events[0].atMs;
    nextToken = page.nextToken;
  } while (nextToken !== null);
  return undefined;
}

/** Ends are read after events: they may be ahead by what was written meanwhile, and never behind. */
async function* endsOf(
  admin: AdminClient,
  places: ChainPlaces,
  chains: readonly string[],
): AsyncGenerator<AuditRecord> {
  let left = chains;
  for (let round = 1; left.length > 0; round += 1) {
    yield* places.read(left.map((chain) => ({ chain })));
    const { heads } = await admin.call('audit-ends', { chains: left });
    const grown = heads.filter(({ chain, sequence }) => round < ROUNDS && sequence > places.of(chain));
    for (const head of heads)
      if (!grown.includes(head)) yield { type: 'live-head', ...head } satisfies HeadRecord;
    left = grown.map(({ chain }) => chain);
  }
}

async function* chainsSince(admin: AdminClient, fromMs: number): AsyncGenerator<string> {
  let from: string | null = new Date(fromMs).toISOString();
  while (from !== null) {
    const page: { readonly chains: readonly string[]; readonly next: string | null } = await admin.call(
      'audit-chains-since',
      { from },
    );
    yield* page.chains;
    from = page.next;
  }
}

async function* chainsOfKeys(admin: AdminClient): AsyncGenerator<string> {
  let nextToken: string | null = null;
  do {
    const asked = { status: 'all', limit: 100, ...(nextToken === null ? {} : { nextToken }) } as const;
    const page: Awaited<ReturnType<typeof admin.call<'list'>>> = await admin.call('list', asked);
    for (const { keyId } of page.keys) yield `key/${keyId}`;
    nextToken = page.nextToken;
  } while (nextToken !== null);
}
