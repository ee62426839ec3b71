/** Use counters in memory: what the authorizer writes and the judgement reads. */
import { mergeCallers, mostRecentCallers } from '../../lambdas/core/domain/caller.ts';
import type { UseIncrement, UseWriter } from '../../lambdas/core/ports/authorization.ts';
import type {
  MinuteReader,
  MinuteUse,
  ObservedMinute,
  UseStore,
  VersionUse,
} from '../../lambdas/core/ports/use-store.ts';
import { HOUR_MS, MINUTE_MS } from '../../rules/time-units.ts';
import { frozen } from './frozen.ts';
import type { MemoryTable, UseHour } from './memory-table.ts';

/** The bound of the table's own items. */
const MOST_CALLERS_AN_HOUR = 40;

export class MemoryUses implements UseStore, UseWriter, MinuteReader {
  readonly #table: MemoryTable;
  readonly added: UseIncrement[] = [];
  /** While set, every write of uses fails with it. */
  failure: Error | undefined;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async add(increment: UseIncrement): Promise<void> {
    await this.#table.turn();
    if (this.failure) throw this.failure;
    this.added.push(frozen(increment));
    const hour = this.#hour(increment);
    hour.requests += increment.requests;
    hour.deprecatingRequests += increment.deprecatingRequests;
    for (const [minute, requests] of Object.entries(increment.minutes)) {
      hour.minutes.set(Number(minute), (hour.minutes.get(Number(minute)) ?? 0) + requests);
    }
    hour.lastUsedAtMs = increment.lastUsedAtMs;
    const merged = mergeCallers([...hour.callers, ...increment.callers]);
    const someAreNew = merged.length > hour.callers.length;
    if (someAreNew && hour.callers.length >= MOST_CALLERS_AN_HOUR) return;
    hour.callers = merged;
  }

  noteFirstUse(keyId: string, version: number, atMs: number): Promise<void> {
    return this.#noteFirst('firstUsesMs', keyId, version, atMs);
  }

  noteFirstRefusal(keyId: string, version: number, atMs: number): Promise<void> {
    return this.#noteFirst('firstRefusalsMs', keyId, version, atMs);
  }

  async totals(keyId: string, sinceMs: number): Promise<ReadonlyMap<number, VersionUse>> {
    await this.#table.turn();
    const hours = (this.#table.uses.get(keyId) ?? []).filter(
      ({ hourMs }) => hourMs >= sinceMs - (sinceMs % HOUR_MS),
    );
    return new Map(
      [...new Set(hours.map(({ version }) => version))].map((version) => [
        version,
        sumOf(hours.filter((hour) => hour.version === version)),
      ]),
    );
  }

  async lastMinutes(keyId: string, sinceMs: number, most: number): Promise<readonly MinuteUse[]> {
    await this.#table.turn();
    const minutes = new Map<number, Map<number, number>>();
    for (const hour of this.#table.uses.get(keyId) ?? []) {
      for (const [minute, requests] of hour.minutes) {
        const minuteMs = hour.hourMs + minute * MINUTE_MS;
        const versions = minutes.get(minuteMs) ?? new Map<number, number>();
        minutes.set(minuteMs, versions.set(hour.version, requests));
      }
    }
    return [...minutes]
      .filter(([minuteMs]) => minuteMs >= sinceMs - (sinceMs % MINUTE_MS))
      .sort(([left], [right]) => left - right)
      .slice(-most)
      .map(([minuteMs, requests]) => ({ minuteMs, requests }));
  }

  async minute(keyId: string, minuteMs: number): Promise<ObservedMinute> {
    await this.#table.turn();
    const hourMs = minuteMs - (minuteMs % HOUR_MS);
    const hours = (this.#table.uses.get(keyId) ?? []).filter((hour) => hour.hourMs === hourMs);
    const minute = (minuteMs - hourMs) / MINUTE_MS;
    return {
      requests: new Map(hours.map(({ version, minutes }) => [version, minutes.get(minute) ?? 0])),
      lastUsesMs: new Map(hours.map(({ version, lastUsedAtMs }) => [version, lastUsedAtMs])),
    };
  }

  async #noteFirst(
    what: 'firstUsesMs' | 'firstRefusalsMs',
    keyId: string,
    version: number,
    atMs: number,
  ): Promise<void> {
    await this.#table.turn();
    if (this.failure) throw this.failure;
    const record = this.#table.keys.get(keyId);
    const notes = record?.[what];
    // As the table: no map, nothing to note in.
    if (record && !notes) throw new Error('ValidationException');
    if (!record || notes?.[String(version)] !== undefined) return;
    const noted = { ...notes, [String(version)]: atMs };
    this.#table.keys.set(keyId, frozen({ ...record, [what]: noted }));
  }

  #hour({ keyId, version, hourMs, lastUsedAtMs }: UseIncrement): UseHour {
    const hours = this.#table.uses.get(keyId) ?? [];
    this.#table.uses.set(keyId, hours);
    const found = hours.find((hour) => hour.version === version && hour.hourMs === hourMs);
    if (found) return found;
    const made: UseHour = {
      version,
      hourMs,
      requests: 0,
      deprecatingRequests: 0,
      minutes: new Map(),
      lastUsedAtMs,
      callers: [],
    };
    hours.push(made);
    return made;
  }
}

function sumOf(hours: readonly UseHour[]): VersionUse {
  return {
    requests: hours.reduce((sum, { requests }) => sum + requests, 0),
    deprecatingRequests: hours.reduce((sum, { deprecatingRequests }) => sum + deprecatingRequests, 0),
    lastUsedAtMs: Math.max(...hours.map(({ lastUsedAtMs }) => lastUsedAtMs)),
    callers: mostRecentCallers(hours.flatMap(({ callers }) => callers)),
  };
}
