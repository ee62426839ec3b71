/** The environments of the functions that are no authorizers: a few, whose memories are of different age. */
import { Instance } from './instance.ts';
import type { Parts } from './parts.ts';
import type { Process } from './process.ts';

const INSTANCES = 3;

export class Instances {
  readonly #parts: Parts;
  readonly #clock: () => number;
  readonly #all: (Instance | undefined)[] = [];
  readonly #taken = new Map<Process, Instance>();
  #turn = 0;

  constructor(parts: Parts, clock: () => number) {
    this.#parts = parts;
    this.#clock = clock;
  }

  /** One that serves nobody, each time another; it is given back by `release`. */
  for(process: Process): Instance {
    const known = this.#taken.get(process);
    if (known) return known;
    this.#turn += 1;
    const which = this.#turn % INSTANCES;
    const found = this.#all[which];
    const instance = found && !found.isTaken ? found : new Instance(this.#parts, this.#clock);
    this.#all[which] = instance;
    instance.take(process);
    this.#taken.set(process, instance);
    return instance;
  }

  /** A process is over; what dies in one takes the environment with it. */
  release(process: Process): void {
    const instance = this.#taken.get(process);
    if (!instance) return;
    this.#taken.delete(process);
    instance.release();
    const which = this.#all.indexOf(instance);
    if (process.isDead && which >= 0) this.#all[which] = undefined;
  }
}
