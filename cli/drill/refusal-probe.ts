/** Asks with a key that is refused from some moment on, until the refusal comes. */
import type { DrillContext, Endpoint } from './drill-context.ts';
import type { DrillKey } from './drill-key.ts';
import { rawCall } from './raw-call.ts';
import { expectThat } from './story.ts';

export interface FirstRefusal {
  /** Epoch milliseconds at which the first refused call was answered. */
  readonly atMs: number;
  /** Calls that were still let in. */
  readonly accepted: number;
}

/** Fails the step when a call that left later than `latestMs` is let in. */
export async function firstRefusal(
  drill: DrillContext,
  endpoint: Endpoint,
  key: DrillKey,
  latestMs: number,
): Promise<FirstRefusal> {
  for (let accepted = 0; ; accepted += 1) {
    const startedAtMs = drill.now();
    const { status } = await rawCall(drill, endpoint, key);
    if (status === 401) return { atMs: drill.now(), accepted };
    expectThat(status === 200, String(status));
    expectThat(startedAtMs <= latestMs, `200 for a call ${startedAtMs - latestMs} ms after the bound`);
    await drill.sleep(drill.pace.callEveryMs / 4);
  }
}
