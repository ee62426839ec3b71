/** Who still uses the old key: two columns, which a phone has room for. */
import type { MailTable } from '../ses/mail-layout.ts';
import { addressOf } from './rows.ts';
import { unlinked } from './theirs.ts';
import type { Telling } from './told.ts';

const MOST_SHOWN = 10;
const LONGEST_USER_AGENT = 80;

/** @returns undefined where there are none to show */
export function stragglersIn({ facts, words, moments, count }: Telling): MailTable | undefined {
  const { caption, client, use, count: counted, last, nameless } = words.stragglers;
  const rows = (facts.stragglers ?? []).slice(0, MOST_SHOWN).map((each) => ({
    who: [
      addressOf(each.address, words),
      each.userAgent.trim() === '' ? nameless : unlinked(each.userAgent, LONGEST_USER_AGENT, words.quotes),
    ] as const,
    what: [counted(each.requests, count(each.requests)), last(moments.short(each.lastUsedAtMs))] as const,
  }));
  return rows.length === 0 ? undefined : { caption, headings: [client, use], rows };
}
