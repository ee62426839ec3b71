/** The pepper secret in memory: one write of a revision holds, reads may lag behind, and a crash comes when told. */
import {
  formatPeppers,
  type PepperSet,
  parsePeppers,
  type StoredPeppers,
} from '../../lambdas/core/domain/peppers.ts';
import type { Clock } from '../../lambdas/core/ports/ambient.ts';
import type { PepperSecret } from '../../lambdas/core/ports/pepper-rotation.ts';
import { Crash } from './memory-table.ts';

/** The pepper that a deployment brings. */
export const FIRST_PEPPER = 'first-pepper-'.repeat(4);

interface Value {
  readonly text: string;
  readonly revision: string;
  readonly writtenAtMs: number;
}

export class MemoryPepperSecret implements PepperSecret {
  readonly #clock: Clock;
  readonly #values: Value[] = [];
  /** How far reads lag behind writes. */
  lagMs = 0;
  /** Awaited by every operation before it acts: where others may come between. */
  turn: () => Promise<void> = () => Promise.resolve();
  #crash: 'before' | 'after' | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.overwrite(JSON.stringify({ current: '1', '1': FIRST_PEPPER }));
  }

  /** As a person does in a console: whatever stands there is gone. */
  overwrite(text: string): void {
    this.#values.push({ text, revision: `revision-${this.#values.length}`, writtenAtMs: this.#clock() });
  }

  /** The next write throws, before or after it is made. */
  crashOnce(when: 'before' | 'after'): void {
    this.#crash = when;
  }

  /** As it stands, whatever reads see. */
  get set(): PepperSet {
    return parsePeppers(this.#newest.text);
  }

  get revision(): string {
    return this.#newest.revision;
  }

  get writes(): number {
    return this.#values.length - 1;
  }

  /** What a function reads that only verifies or hashes. */
  readonly readText = async (): Promise<string> => {
    await this.turn();
    return this.#visible.text;
  };

  async read(): Promise<StoredPeppers> {
    await this.turn();
    const { text, revision } = this.#visible;
    return { set: parsePeppers(text), revision };
  }

  async replace(revision: string, set: PepperSet): Promise<string | undefined> {
    await this.turn();
    if (this.#newest.revision !== revision) return undefined;
    const crash = this.#crash;
    this.#crash = undefined;
    if (crash === 'before') throw new Crash('The connection broke before the write.');
    this.overwrite(formatPeppers(set));
    if (crash === 'after') throw new Crash('The connection broke after the write.');
    return this.#newest.revision;
  }

  get #newest(): Value {
    return this.#values.at(-1) as Value;
  }

  get #visible(): Value {
    const sinceMs = this.#clock() - this.lagMs;
    return this.#values.findLast(({ writtenAtMs }) => writtenAtMs <= sinceMs) ?? (this.#values[0] as Value);
  }
}
