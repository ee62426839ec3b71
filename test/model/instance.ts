/** One environment of a function: it serves a process at a time, and remembers the peppers from one to the next. */
import type { Peppers } from '../../lambdas/core/ports/peppers.ts';
import type { Parts } from './parts.ts';
import type { Process } from './process.ts';

export class Instance {
  readonly peppers: Peppers;
  readonly parts: Parts;
  #process: Process | undefined;

  constructor(parts: Parts, clock: () => number) {
    this.parts = parts;
    const { readText } = this.through('pepperSecret', parts.pepperSecret);
    this.peppers = parts.peppers(() => readText(), clock);
  }

  /** A second one at the same time would be served by another. */
  get isTaken(): boolean {
    return this.#process !== undefined;
  }

  take(process: Process): void {
    this.#process = process;
  }

  release(): void {
    this.#process = undefined;
  }

  /** The port as whichever process is served calls it. */
  through<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        return (...args: unknown[]) => {
          const served = (this.#process as Process).through(name, target);
          return (Reflect.get(served, property) as (...args: unknown[]) => unknown)(...args);
        };
      },
    });
  }
}
