/** Each minute: what was counted of wrong keys in windows that are over goes on record, once for each key or source. */
import { HOUR_SECONDS } from '../../../rules/time-units.ts';
import { WRONG_KEYS_LAG_SECONDS, windowStartMs } from '../../../rules/wrong-key-timing.ts';
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

/** Windows are looked at again for an hour, so that one that could not be told is told later; long ones twelve times. */
const LOOK_BACK_SECONDS = HOUR_SECONDS;
const FEWEST_WINDOWS = 12;

/**
 * Safe to repeat, and at once. In the order of the windows: what could not be told of one key, or of sources, waits for the
 * next time with what is later of it, and keeps no other key from being told.
 *
 * Throws what kept the first of them, when all others are told.
 */
export async function tellWrongKeys(deps: TellWrongKeysDeps, windowSeconds: number): Promise<ToldWrongKeys> {
  let told = 0;
  let requests = 0;
  const failures = new Map<string, unknown>();
  for (const window of endedWindows(deps.clock(), windowSeconds)) {
    const counts = await deps.ledger.untold(window.fromMs);
    const ofKeys = counts.filter(({ source }) => source.kind === 'key');
    const ofOthers = withoutSmall(counts.filter(({ source }) => source.kind !== 'key'));
    for (const count of [...ofKeys, ...ofOthers]) {
      const chain = count.source.kind === 'key' ? count.source.keyId : WRONG_KEYS_CHAIN.chain;
      if (failures.has(chain)) continue;
      const news = await tell(deps, count, window).catch((error: unknown) => {
        failures.set(chain, error);
        return false;
      });
      told += news ? 1 : 0;
      requests += news ? count.requests : 0;
    }
  }
  for (const [, failure] of failures) throw failure;
  return { told, requests };
}

/** The oldest first. */
function endedWindows(nowMs: number, windowSeconds: number): readonly Window[] {
  const lengthMs = windowSeconds * 1000;
  const openMs = windowStartMs(nowMs - WRONG_KEYS_LAG_SECONDS * 1000, windowSeconds);
  const count = Math.max(FEWEST_WINDOWS, Math.ceil(LOOK_BACK_SECONDS / windowSeconds));
  return Array.from({ length: count }, (_, index) => {
    const toMs = openMs - (count - 1 - index) * lengthMs;
    return { fromMs: toMs - lengthMs, toMs };
  });
}

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
