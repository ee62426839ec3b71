/** The rotation machine's own file, as text and as the way from a step's answer to what follows. */
import { readFileSync } from 'node:fs';

export const DEFINITION_TEXT = readFileSync(
  new URL('../../state-machines/rotation.asl.json', import.meta.url),
  'utf8',
);

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Choices?: readonly {
    readonly Variable: string;
    readonly StringEquals: string;
    readonly Next: string;
  }[];
  readonly Default?: string;
}

const { States } = JSON.parse(DEFINITION_TEXT) as { readonly States: Readonly<Record<string, State>> };

function stateOf(name: string | undefined): State {
  const state = States[name ?? ''];
  if (!state) throw new Error(`The machine has no state '${name}'.`);
  return state;
}

/**
 * The task or the wait that follows a task's answer, past every choice.
 *
 * @param next what the answer says of where to go
 * @returns undefined where the execution ends
 */
export function stateAfter(task: string, next: string): string | undefined {
  let name = stateOf(task).Next;
  for (let state = stateOf(name); state.Type === 'Choice'; state = stateOf(name)) {
    const chosen = state.Choices?.find(
      ({ Variable, StringEquals }) => Variable === '$.next' && StringEquals === next,
    );
    name = chosen?.Next ?? state.Default;
  }
  const { Type } = stateOf(name);
  return Type === 'Task' || Type === 'Wait' ? name : undefined;
}
