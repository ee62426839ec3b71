/** Waiting for the deployed system to get somewhere. */

const PAUSE_MS = 200;

/** Asks again until the answer is wanted; fails with what was last seen. */
export async function eventually<Value>(
  what: string,
  read: () => Promise<Value>,
  isWanted: (value: Value) => boolean,
  withinMs = 60_000,
  pauseMs = PAUSE_MS,
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await read();
    if (isWanted(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(
        `${what} did not come within ${withinMs / 1000} s. Last seen: ${JSON.stringify(value)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
