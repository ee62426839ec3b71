/** One run of a function: every call it makes of a port may be held up, watched, or be its last. */
import type { Crash } from './commands.ts';
import type { Moment } from './moment.ts';

/** What a call that broke looks like to whoever made it: it may or may not have taken effect. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

/** What a process is there for: a step of the machine, or what an operator or a client asked. */
export interface Task {
  readonly kind: string;
  readonly keyId?: string;
  readonly rotationId?: string;
  /** Of a step of an emergency of many keys. */
  readonly runId?: string;
  readonly attempt?: number;
}

export type Ending<Result> =
  | { readonly ended: 'answered'; readonly result: Result }
  | { readonly ended: 'failed'; readonly error: Error }
  | { readonly ended: 'died' };

export interface Call {
  readonly process: Process;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly result: unknown;
  /** It has taken effect, and its caller is told that it failed. */
  readonly isDisowned: boolean;
}

export interface Surroundings {
  readonly clock: () => number;
  readonly watch: (call: Call) => Promise<void>;
  readonly crash?: Crash | undefined;
}

const WRITES = new Set([
  'store.insert',
  'store.save',
  'store.destroySealed',
  'writer.add',
  'writer.noteFirstUse',
  'writer.noteFirstRefusal',
  'caches.flush',
  'executions.stop',
  'machine.start',
  'place.put',
  'place.restore',
  'place.remove',
  'tries.count',
  'links.send',
  'runs.insert',
  'runs.save',
  'runs.saveKey',
  'runMachine.start',
  'pepperSecret.replace',
  'pepperRecord.append',
  'pepperRecord.saveCount',
  'pepperMachine.start',
]);

/** The longest time-out of any function here: what takes longer is ended where it stands. */
const LONGEST_RUN_MS = 30_000;

/** Made anew each time: one that is kept would keep all that ever waited for it. */
const never = (): Promise<never> => new Promise(() => {});

export class Process {
  readonly task: Task;
  readonly began: Moment;
  /** The key that it made and sealed, and the one it opened: where the model sees them. */
  made: string | undefined;
  opened: string | undefined;
  /** What it wrote there counts only if it comes to its end. */
  wrotePlace = false;
  /** How it ended too early, for the story. */
  crashed: string | undefined;
  /** The name of the error that it ended with. */
  failedWith: string | undefined;
  /** Awaited before each call: where others may come between. */
  turn: () => Promise<void> = () => Promise.resolve();
  readonly #clock: () => number;
  readonly #crash: Crash | undefined;
  readonly #watch: (call: Call) => Promise<void>;
  readonly #inFlight = new Set<Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();
  #writes = 0;
  #isDead = false;
  #die: (ending: { readonly ended: 'died' }) => void = () => {};
  readonly #death: Promise<{ readonly ended: 'died' }>;

  constructor(task: Task, began: Moment, { clock, watch, crash }: Surroundings) {
    this.task = task;
    this.began = began;
    this.#clock = clock;
    this.#watch = watch;
    this.#crash = crash;
    this.#death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Runs it to its end, whichever that is. */
  run<Result>(body: () => Promise<Result>): Promise<Ending<Result>> {
    const over = body().then(
      (result): Ending<Result> => ({ ended: 'answered', result }),
      (error: Error): Ending<Result> => {
        this.failedWith = error.name;
        return { ended: 'failed', error };
      },
    );
    return Promise.race([over, this.#death]);
  }

  /** The port as this process calls it. */
  through<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, property) => {
        const member = Reflect.get(target, property) as unknown;
        if (typeof member !== 'function') return member;
        const method = `${name}.${String(property)}`;
        return (...args: unknown[]) =>
          this.call(method, args, () => Reflect.apply(member, target, args) as Promise<unknown>);
      },
    });
  }

  async call(method: string, args: readonly unknown[], make: () => Promise<unknown>): Promise<unknown> {
    await this.turn();
    if (this.#clock() - this.began.atMs > LONGEST_RUN_MS) this.#end('it runs out of time');
    // One after the other, in the order in which they were asked for: so that a story goes the same on any table.
    const made = this.#last.then(() => (this.#isDead ? never() : this.#made(method, args, make)));
    this.#last = made.catch(() => undefined);
    this.#inFlight.add(made);
    try {
      return await made;
    } finally {
      this.#inFlight.delete(made);
    }
  }

  /** Resolves once no call is on its way: each has returned, or the process is dead. */
  async quiet(): Promise<void> {
    if (this.#inFlight.size > 0) await Promise.race([Promise.allSettled([...this.#inFlight]), this.#death]);
  }

  async #made(method: string, args: readonly unknown[], make: () => Promise<unknown>): Promise<unknown> {
    const strikes = WRITES.has(method) && this.#crash?.write === this.#writes;
    if (WRITES.has(method)) this.#writes += 1;
    if (strikes && this.#crash?.when === 'before') return this.#break(this.#crash);
    const result = await make();
    const isDisowned = strikes && this.#crash?.how === 'fails';
    await this.#watch({ process: this, method, args, result, isDisowned });
    return strikes ? this.#break(this.#crash as Crash) : result;
  }

  #break({ write, when, how }: Crash): Promise<never> {
    const which = ['first', 'second', 'third', 'fourth'][write] ?? `${write + 1}th`;
    if (how === 'fails') {
      this.crashed = `its ${which} write fails ${when === 'before' ? 'and is not made' : 'although it is made'}`;
      throw new Broken('The connection broke.');
    }
    this.#end(`it dies ${when} its ${which} write`);
    return never();
  }

  #end(how: string): void {
    this.crashed ??= how;
    this.#isDead = true;
    this.#die({ ended: 'died' });
  }
}
