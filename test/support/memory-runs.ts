/** Emergencies of many keys in memory, with the same conditions as the table's. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { EmergencyRun, RunKey } from '../../lambdas/core/domain/emergency-run.ts';
import { isKeyId } from '../../lambdas/core/domain/key-format.ts';
import type { RecordedRun } from '../../lambdas/core/domain/run-events.ts';
import type { EmergencyRuns, RunKeyPage } from '../../lambdas/core/ports/emergency-runs.ts';
import { frozen } from './frozen.ts';
import { Crash } from './memory-table.ts';

export class MemoryRuns implements EmergencyRuns {
  readonly runs = new Map<string, EmergencyRun>();
  /** By run. */
  readonly events = new Map<string, readonly AuditEvent[]>();
  /** By run and key. */
  readonly records = new Map<string, Map<string, RunKey>>();
  /** Keys of a page. */
  pageKeys = 100;
  /** Whether the crash that was ordered has come. */
  crashed = false;
  #crash: { readonly when: 'before' | 'after'; writes: number } | undefined;

  /** The write after so many others throws, before or after it is made. */
  crashAt(when: 'before' | 'after', writes = 0): void {
    this.#crash = { when, writes };
  }

  async insert({ run, event }: RecordedRun): Promise<'inserted' | 'exists'> {
    if (this.runs.has(run.runId)) return 'exists';
    this.#write(() => this.#put(run, event));
    return 'inserted';
  }

  async find(runId: string): Promise<EmergencyRun | undefined> {
    return this.runs.get(runId);
  }

  async save({ run, event }: RecordedRun): Promise<'saved' | 'stale'> {
    if (this.runs.get(run.runId)?.revision !== run.revision - 1) return 'stale';
    this.#write(() => this.#put(run, event));
    return 'saved';
  }

  async latest(limit: number): Promise<readonly EmergencyRun[]> {
    return [...this.runs.values()].sort((one, other) => other.startedAtMs - one.startedAtMs).slice(0, limit);
  }

  async findKeys(runId: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, RunKey>> {
    const known = this.#keysOf(runId);
    return new Map(keyIds.flatMap((id) => (known.has(id) ? [[id, known.get(id) as RunKey]] : [])));
  }

  async saveKey(runId: string, key: RunKey): Promise<'saved' | 'stale'> {
    const known = this.#keysOf(runId);
    if ((known.get(key.keyId)?.revision ?? 0) !== key.revision - 1) return 'stale';
    this.#write(() => known.set(key.keyId, frozen(key)));
    return 'saved';
  }

  async keys(runId: string, nextToken?: string): Promise<RunKeyPage | 'bad-token'> {
    if (nextToken !== undefined && !isKeyId(nextToken)) return 'bad-token';
    const sorted = [...this.#keysOf(runId).values()].sort((one, other) => (one.keyId < other.keyId ? -1 : 1));
    const rest = sorted.filter(({ keyId }) => nextToken === undefined || keyId > nextToken);
    const keys = rest.slice(0, this.pageKeys);
    return { keys, nextToken: rest.length > keys.length ? (keys.at(-1)?.keyId ?? null) : null };
  }

  /** As it stands; the run must know the key. */
  key(runId: string, keyId: string): RunKey {
    return this.#keysOf(runId).get(keyId) as RunKey;
  }

  #put(run: EmergencyRun, event: AuditEvent): void {
    this.runs.set(run.runId, frozen(run));
    this.events.set(run.runId, [...(this.events.get(run.runId) ?? []), frozen(event)]);
  }

  #keysOf(runId: string): Map<string, RunKey> {
    const known = this.records.get(runId) ?? new Map<string, RunKey>();
    this.records.set(runId, known);
    return known;
  }

  #write(write: () => void): void {
    const crash = this.#crash;
    const now = crash !== undefined && crash.writes === 0;
    if (crash) crash.writes -= 1;
    if (now) {
      this.#crash = undefined;
      this.crashed = true;
    }
    if (now && crash?.when === 'before') throw new Crash('The connection broke before the write.');
    write();
    if (now) throw new Crash('The connection broke after the write.');
  }
}
