/** Time that moves when told: the functions read it as their own clock. */
import { HOUR_MS } from '../../../rules/time-units.ts';

export class VirtualTime {
  nowMs: number;
  readonly #real = Date.now;

  /** From the last whole hour on, so that nothing that is written is in the past of the local cloud for long. */
  constructor() {
    this.nowMs = Math.floor(this.#real() / HOUR_MS) * HOUR_MS;
    Date.now = () => this.nowMs;
  }

  /** Never back. */
  moveTo(atMs: number): void {
    this.nowMs = Math.max(this.nowMs, atMs);
  }

  /** Gives the process its clock back. */
  end(): void {
    Date.now = this.#real;
  }
}
