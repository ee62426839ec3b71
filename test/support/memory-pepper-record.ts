/** The pepper's record in memory: one event of a sequence holds. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import type { CountedNeeds, PepperRecord } from '../../lambdas/core/ports/pepper-rotation.ts';
import { frozen } from './frozen.ts';

export class MemoryPepperRecord implements PepperRecord {
  readonly #events: AuditEvent[] = [];
  #count: CountedNeeds | undefined;
  turn: () => Promise<void> = () => Promise.resolve();
  /** While set, every write fails with it. */
  failure: Error | undefined;

  async events(): Promise<readonly AuditEvent[]> {
    await this.turn();
    return [...this.#events];
  }

  async append(event: AuditEvent): Promise<'appended' | 'stale'> {
    await this.turn();
    if (this.failure) throw this.failure;
    if (this.#events.some(({ sequence }) => sequence === event.sequence)) return 'stale';
    this.#events.push(frozen(event));
    return 'appended';
  }

  async lastCount(): Promise<CountedNeeds | undefined> {
    await this.turn();
    return this.#count;
  }

  async saveCount(count: CountedNeeds): Promise<void> {
    await this.turn();
    if (this.failure) throw this.failure;
    this.#count = frozen(count);
  }
}
