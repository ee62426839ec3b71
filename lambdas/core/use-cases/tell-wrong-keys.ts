/** Each minute: what was counted of wrong keys in windows that are over goes on record, once for each key or source. */
import {
  WRONG_KEYS_LAG_SECONDS,
  WRONG_KEYS_LOOK_BACK_SECONDS,
  WRONG_KEYS_MADE_UP_SECONDS,
  windowStartMs,
} from '../../../rules/wrong-key-timing.ts';
import { chainEvent } from '../domain/audit-event.ts';
import type { WrongKeyCount } from '../domain/wrong-key.ts';
import { type Window, WRONG_KEYS_CHAIN, withoutSmall, wrongKeysEntry } from '../domain/wrong-key-event.ts';
import type { Clock } from '../ports/ambient.ts';
import type { AuditChains } from '../ports/audit-chains.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { WrongKeyLedger } from '../ports/wrong-keys.ts';
import { changeKey, type Decision } from './change-key.ts';
import { AGAIN, CHAIN_ATTEMPTS, untilSettled } from './until-settled.ts';

export interface TellWrongKeysDeps {
  readonly ledger: WrongKeyLedger;
  readonly chains: Pick<AuditChains, 'head'>;
  readonly store: KeyStore;
  readonly clock: Clock;
}

export interface ToldWrongKeys {
  /** Events that went on record. */
  readonly told: number;
  readonly requests: number;
}

/** After so many events what is left waits for the next time: a run ends before its function does. */
const MOST_EVENTS = 500;
/** Windows that are read at once: after an outage there are many, and most are empty. */
const READ_AT_ONCE = 20;

/** What has come of a run so far. */
interface Run extends ToldWrongKeys {
  told: number;
  requests: number;
  /** By chain: what could not be told keeps what is later of it waiting. */
  readonly failures: Map<string, unknown>;
  /** The first window that is not told whole. */
  openMs: number | undefined;
}

/**
 * Safe to repeat, and at once. In the order of the windows: what could not be told of one key, or of sources, waits for the
 * next time with what is later of it, and keeps no other key from being told.
 *
 * Throws what kept the first of them, when all others are told.
 */
export async function tellWrongKeys(deps: TellWrongKeysDeps, windowSeconds: number): Promise<ToldWrongKeys> {
  const run: Run = { told: 0, requests: 0, failures: new Map(), openMs: undefined };
  const toldUntilMs = (await deps.ledger.toldUntil()) ?? 0;
  const windows = endedWindows(deps.clock(), windowSeconds, toldUntilMs);
  const reachedMs = await tellWindows(deps, run, windows);
  const settledMs = lookBackFrom(deps.clock(), windowSeconds);
  const untilMs = Math.min(reachedMs, settledMs, run.openMs ?? reachedMs);
  if (untilMs > toldUntilMs) await deps.ledger.noteToldUntil(untilMs);
  for (const [, failure] of run.failures) throw failure;
  return { told: run.told, requests: run.requests };
}

/** @returns the end of the last window that was gone through */
async function tellWindows(deps: TellWrongKeysDeps, run: Run, windows: readonly Window[]): Promise<number> {
  let reachedMs = 0;
  for (let at = 0; at < windows.length; at += READ_AT_ONCE) {
    const some = windows.slice(at, at + READ_AT_ONCE);
    const counted = await Promise.all(some.map(({ fromMs }) => deps.ledger.untold(fromMs)));
    for (const [index, window] of some.entries()) {
      if (run.told >= MOST_EVENTS) return reachedMs;
      await tellWindow(deps, run, window, counted[index] ?? []);
      reachedMs = window.toMs;
    }
  }
  return reachedMs;
}

async function tellWindow(
  deps: TellWrongKeysDeps,
  run: Run,
  window: Window,
  counts: readonly WrongKeyCount[],
): Promise<void> {
  const ofKeys = counts.filter(({ source }) => source.kind === 'key');
  const ofOthers = withoutSmall(counts.filter(({ source }) => source.kind !== 'key'));
  for (const count of [...ofKeys, ...ofOthers]) {
    const chain = count.source.kind === 'key' ? count.source.keyId : WRONG_KEYS_CHAIN.chain;
    if (run.failures.has(chain)) continue;
    const news = await tell(deps, count, window).catch((error: unknown) => {
      run.failures.set(chain, error);
      run.openMs ??= window.fromMs;
      return false;
    });
    run.told += news ? 1 : 0;
    run.requests += news ? count.requests : 0;
  }
}

/** The oldest first: from where all are told, or as long as may be made up for, and an hour and twelve windows at least. */
function endedWindows(nowMs: number, windowSeconds: number, toldUntilMs: number): readonly Window[] {
  const lengthMs = windowSeconds * 1000;
  const endMs = lastEnd(nowMs, windowSeconds);
  const oldestMs = windowStartMs(nowMs - WRONG_KEYS_MADE_UP_SECONDS * 1000, windowSeconds);
  const fromMs = Math.min(
    Math.max(windowStartMs(toldUntilMs, windowSeconds), oldestMs),
    lookBackFrom(nowMs, windowSeconds),
  );
  return Array.from({ length: Math.max(0, (endMs - fromMs) / lengthMs) }, (_, index) => {
    const from = fromMs + index * lengthMs;
    return { fromMs: from, toMs: from + lengthMs };
  });
}

/** Of the last window that is over, whatever the clocks say. */
const lastEnd = (nowMs: number, windowSeconds: number): number =>
  windowStartMs(nowMs - WRONG_KEYS_LAG_SECONDS * 1000, windowSeconds);

/** Where those begin that are looked at again anyway; long ones twelve times. */
function lookBackFrom(nowMs: number, windowSeconds: number): number {
  const count = Math.max(FEWEST_WINDOWS, Math.ceil(WRONG_KEYS_LOOK_BACK_SECONDS / windowSeconds));
  return lastEnd(nowMs, windowSeconds) - count * windowSeconds * 1000;
}

const FEWEST_WINDOWS = 12;

const tell = (deps: TellWrongKeysDeps, count: WrongKeyCount, window: Window): Promise<boolean> =>
  count.source.kind === 'key'
    ? tellOfKey(deps, count.source.keyId, count, window)
    : tellOfSource(deps, count, window);

/** The key itself knows of which window was told last: its event and that are one write. */
async function tellOfKey(
  { store, ledger, clock }: TellWrongKeysDeps,
  keyId: string,
  count: WrongKeyCount,
  window: Window,
): Promise<boolean> {
  const told = await changeKey(store, keyId, (record): Decision<boolean> => {
    if (!record || (record.told?.wrongKeysMs ?? -1) >= window.fromMs) return { result: false };
    return {
      result: true,
      change: {
        after: { ...record, told: { ...record.told, wrongKeysMs: window.fromMs } },
        entry: wrongKeysEntry(count, window, clock()),
      },
    };
  });
  await ledger.note(window.fromMs, count.source);
  return told;
}

async function tellOfSource(
  { ledger, chains, clock }: TellWrongKeysDeps,
  count: WrongKeyCount,
  window: Window,
): Promise<boolean> {
  const tell = async () => {
    const head = await chains.head(WRONG_KEYS_CHAIN.chain);
    const event = chainEvent(WRONG_KEYS_CHAIN, head, wrongKeysEntry(count, window, clock()));
    const outcome = await ledger.tell(window.fromMs, count.source, event);
    return outcome === 'stale' ? AGAIN : outcome === 'told';
  };
  return untilSettled(
    tell,
    (attempts) => `The chain of wrong keys grew ${attempts} times while an event of it was being written.`,
    CHAIN_ATTEMPTS,
  );
}
