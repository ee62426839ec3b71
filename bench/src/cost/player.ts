/** Plays executions with the deployed functions in virtual time, and counts what Step Functions bills for them. */
import type { StartedExecution } from '../count/counting-proxy.ts';
import { add, type Counts, NO_COUNTS } from './counts.ts';
import { type Playable, play } from './play-machine.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a step answers of where its execution goes. */
interface StepAnswer {
  readonly next?: string;
  readonly waitUntil?: string;
  readonly waitSeconds?: number;
}

export interface HowToPlay {
  /** What happens in the world until the execution wakes. */
  readonly whileWaiting?: ((untilMs: number) => Promise<void>) | undefined;
  /** Somebody stops the execution when it comes to a wait. */
  readonly stopsInWait?: boolean;
}

/** The key goes to its owner between the answer that says until when to wait, and the wait. */
const BEFORE_THE_WAIT: ReadonlySet<string | undefined> = new Set(['deliver', 'undelivered']);

export class Player {
  readonly #time: VirtualTime;
  readonly #invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Of all executions so far. */
  counts: Counts = NO_COUNTS;

  constructor(time: VirtualTime, invoke: (functionName: string, event: unknown) => Promise<unknown>) {
    this.#time = time;
    this.#invoke = invoke;
  }

  async play(
    machine: Playable,
    { machineArn, name, input }: StartedExecution,
    { whileWaiting, stopsInWait = false }: HowToPlay = {},
  ): Promise<void> {
    let wakesAtMs: number | undefined;
    const { visited, executions, historyEvents } = await play(machine, {
      name,
      arn: `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`,
      input,
      startedAtMs: this.#time.nowMs,
      stopsInWait,
      invoke: async (functionName, event) => {
        if (wakesAtMs !== undefined && !BEFORE_THE_WAIT.has((event as { readonly step?: string }).step)) {
          await whileWaiting?.(wakesAtMs);
          this.#time.moveTo(wakesAtMs);
        }
        const answer = (await this.#invoke(functionName, event)) as StepAnswer;
        wakesAtMs = answer.next === 'wait' ? this.#wakesAtMs(answer) : undefined;
        return { ...answer };
      },
    });
    const transitions = visited.length;
    this.counts = add(this.counts, { ...NO_COUNTS, executions, transitions, historyEvents });
  }

  #wakesAtMs({ waitUntil, waitSeconds = 0 }: StepAnswer): number {
    return waitUntil === undefined ? this.#time.nowMs + waitSeconds * 1_000 : Date.parse(waitUntil);
  }
}
