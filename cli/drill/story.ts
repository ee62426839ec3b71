/** The story of a drill as it happens: scenes, and steps that say what was expected and what came. */
import { CliError } from '../exit.ts';
import type { Paint } from '../output/paint.ts';
import { measured } from '../output/time.ts';
import { DrillInterrupted } from './drill-context.ts';

export interface StepResult {
  readonly scene: string;
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  /** What came. */
  readonly detail: string;
  readonly ms: number;
}

export interface StoryOptions {
  readonly write: (text: string) => void;
  /** Whether a line can be written over: then waiting shows on one living line. */
  readonly live: boolean;
  readonly paint: Paint;
  readonly now: () => number;
}

/** What came is not what was expected. */
class Mismatch extends Error {}

/** Ends the running step as failed unless the condition holds. */
export function expectThat(condition: boolean, came: string): asserts condition {
  if (!condition) throw new Mismatch(came);
}

const CLEAR_LINE = '\r\u001b[2K';

export class Story {
  readonly steps: StepResult[] = [];
  readonly #options: StoryOptions;
  readonly #startedAtMs: number;
  #scene = '';
  #waiting = false;
  #told: string | undefined;

  constructor(options: StoryOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
  }

  get ok(): boolean {
    return this.steps.length > 0 && this.steps.every(({ ok }) => ok);
  }

  get elapsedMs(): number {
    return this.#options.now() - this.#startedAtMs;
  }

  /** Plays a scene. A failed step ends it, and the story goes on with the next; only Ctrl-C ends the story. */
  async scene(title: string, play: () => Promise<void>): Promise<void> {
    this.#scene = title;
    this.#line(`\n${this.#options.paint.bold(title)}`);
    try {
      await play();
    } catch (error) {
      if (error instanceof DrillInterrupted) throw error;
      if (!(error instanceof StepFailed)) this.#note(title, 'no error', describe(error), false, 0);
    }
  }

  /** One assertion. `work` answers with what came, or throws. */
  async check(name: string, expected: string, work: () => Promise<string>): Promise<void> {
    await this.step(name, expected, async () => [await work(), undefined]);
  }

  /** The same, with something that the next steps need. */
  async step<Result>(
    name: string,
    expected: string,
    work: () => Promise<readonly [came: string, result: Result]>,
  ): Promise<Result> {
    const startedAtMs = this.#options.now();
    const took = () => this.#options.now() - startedAtMs;
    try {
      const [came, result] = await work();
      this.#note(name, expected, came, true, took());
      return result;
    } catch (error) {
      if (error instanceof DrillInterrupted) throw error;
      this.#note(name, expected, describe(error), false, took());
      throw new StepFailed(name, { cause: error });
    }
  }

  /** Something worth knowing that is no assertion. */
  tell(text: string): void {
    this.#line(`${this.#clock()}    ${text}`);
  }

  /** What is being waited for. `state` decides when it is worth a new line where lines stay. */
  waiting(text: string, state: string): void {
    const { live, paint, write } = this.#options;
    if (live) {
      write(`${CLEAR_LINE}${paint.dim(`${this.#clock()}  … ${text}`)}`);
      this.#waiting = true;
    } else if (state !== this.#told) {
      this.#line(`${this.#clock()}  … ${text}`);
    }
    this.#told = state;
  }

  #note(name: string, expected: string, detail: string, ok: boolean, ms: number): void {
    const { paint } = this.#options;
    this.steps.push({ scene: this.#scene, name, ok, expected, detail, ms });
    const mark = ok ? paint.good('✓') : paint.bad('✗');
    this.#line(`${this.#clock()}  ${mark} ${name}: ${detail} ${paint.dim(`(${measured(ms)})`)}`);
    if (!ok) this.#line(`${' '.repeat(11)}${paint.bad('expected')} ${expected}`);
  }

  #clock(): string {
    return this.#options.paint.dim(`${(this.elapsedMs / 1000).toFixed(1).padStart(6)} s`);
  }

  #line(text: string): void {
    this.#options.write(`${this.#waiting ? CLEAR_LINE : ''}${text}\n`);
    this.#waiting = false;
  }
}

/** A step failed and is on record as such: the rest of its scene makes no sense. */
class StepFailed extends Error {}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Mismatch) return error.message;
  return error instanceof CliError ? `${error.message} ${error.hint}` : `${error.name}: ${error.message}`;
}
