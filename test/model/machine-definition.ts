/** The rotation machine's own file, as the model walks through it. */
import { DEFINITION_TEXT } from '../support/rotation-definition.ts';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Parameters?: { readonly Payload?: { readonly step?: string } };
  readonly Choices?: readonly {
    readonly Variable: string;
    readonly StringEquals: string;
    readonly Next: string;
  }[];
  readonly Default?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly Next: string }[];
}

const { StartAt, States } = JSON.parse(DEFINITION_TEXT) as {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
};

function stateOf(name: string | undefined): State {
  const state = States[name ?? ''];
  if (!state) throw new Error(`The machine has no state '${name}'.`);
  return state;
}

export const FIRST_STATE = StartAt;

/** The step that a task runs, undefined for a state that is no task. */
export const stepOf = (state: string): string | undefined => stateOf(state).Parameters?.Payload?.step;

/** Whether an error is not tried again, but goes where the task catches it at once. */
export const isFinal = (state: string, error: string): boolean =>
  stateOf(state).Retry?.find(({ ErrorEquals }) => ErrorEquals.includes(error))?.MaxAttempts === 0;

/** Where a task goes whose retries are used up; undefined where the execution fails. */
export const catchOf = (state: string): string | undefined => stateOf(state).Catch?.[0]?.Next;

/**
 * The task or the wait that follows a state, past every choice.
 *
 * @param next what the state's answer says of where to go
 * @returns undefined where the execution ends
 */
export function nextState(state: string, next: string): string | undefined {
  let name = stateOf(state).Next;
  while (stateOf(name).Type === 'Choice') {
    const { Choices, Default } = stateOf(name);
    const chosen = Choices?.find(
      ({ Variable, StringEquals }) => Variable === '$.next' && StringEquals === next,
    );
    name = chosen?.Next ?? Default;
  }
  return ['Task', 'Wait'].includes(stateOf(name).Type) ? name : undefined;
}
