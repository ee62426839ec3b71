/** The ways between states: those a definition has, and those a run took. */
import type { StateMachineDefinition } from 'aws-local-stepfunctions';

interface State {
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
}

/** `From → To` for each `Next`, each branch of a choice, and each catch. */
export function edgesOf({ States }: StateMachineDefinition): string[] {
  return Object.entries(States as Record<string, State>).flatMap(([from, state]) => {
    const branches = [...(state.Choices ?? []), ...(state.Catch ?? [])].map(({ Next }) => Next);
    const targets = [state.Next, state.Default, ...branches].filter((target) => target !== undefined);
    if (new Set(targets).size < targets.length) {
      throw new Error(`${from} has two ways to one state: a run does not tell which of them it took.`);
    }
    return targets.map((to) => `${from} → ${to}`);
  });
}

export const edgesWalked = (visited: readonly string[]): string[] =>
  visited.slice(1).map((to, index) => `${visited[index]} → ${to}`);
