/** State machines' own files, as the model walks through them. */
import { readFileSync } from 'node:fs';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Parameters?: { readonly Payload?: { readonly step?: string } };
  readonly Choices?: readonly {
    readonly Variable: string;
    readonly StringEquals: string;
    readonly Next: string;
  }[];
  readonly Default?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly ItemProcessor?: States;
}

interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export class Definition {
  readonly first: string;
  readonly #states: Readonly<Record<string, State>>;

  constructor({ StartAt, States }: States) {
    this.first = StartAt;
    this.#states = States;
  }

  static read(file: string): Definition {
    const url = new URL(`../../state-machines/${file}`, import.meta.url);
    return new Definition(JSON.parse(readFileSync(url, 'utf8')) as States);
  }

  #state(name: string | undefined): State {
    const state = this.#states[name ?? ''];
    if (!state) throw new Error(`The machine has no state '${name}'.`);
    return state;
  }

  typeOf(state: string): string {
    return this.#state(state).Type;
  }

  /** The step that a task runs, undefined for a state that is no task. */
  stepOf(state: string): string | undefined {
    return this.#state(state).Parameters?.Payload?.step;
  }

  /** What runs once for each item of a map. */
  within(state: string): Definition {
    return new Definition(this.#state(state).ItemProcessor as States);
  }

  /** Whether an error is not tried again, but goes where the task catches it at once. */
  isFinal(state: string, error: string): boolean {
    const retrier = this.#state(state).Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(error));
    return retrier?.MaxAttempts === 0;
  }

  /** Where a task goes whose retries are used up; undefined where the execution fails. */
  catchOf(state: string): string | undefined {
    return this.#state(state).Catch?.[0]?.Next;
  }

  /**
   * The state that follows another, past every choice: a task, a wait, a map, or an end.
   *
   * @param next what the state's answer says of where to go
   */
  next(state: string, next: string): string {
    let name = this.#state(state).Next as string;
    while (this.typeOf(name) === 'Choice') {
      const { Choices, Default } = this.#state(name);
      const chosen = Choices?.find(
        ({ Variable, StringEquals }) => Variable === '$.next' && StringEquals === next,
      );
      name = (chosen?.Next ?? Default) as string;
    }
    return name;
  }

  isEnd(state: string): boolean {
    const { Type, End } = this.#state(state);
    return End === true || Type === 'Succeed' || Type === 'Fail';
  }
}

export const ROTATION = Definition.read('rotation.asl.json');
export const RUN = Definition.read('bulk-emergency.asl.json');
export const PEPPER = Definition.read('pepper.asl.json');
