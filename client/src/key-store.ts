/** Where a client keeps its API key between two runs. */

/** The key in use, and the one before it: a rotation can be taken back while that one is not retired. */
export interface HeldKeys {
  readonly current: string;
  readonly previous?: string;
  /** Until when the one before is worth a try. */
  readonly previousUntilMs?: number;
}

export interface KeyStore {
  /** @returns undefined when nothing is kept */
  load(): Promise<HeldKeys | undefined>;
  /** Keeps them for good: what is loaded after this is what was saved. A new key is used only after it. */
  save(keys: HeldKeys): Promise<void>;
}

/** Keeps them as long as the process lives. A client that restarts gets a new key only until it has used it. */
export function memoryStore(keys?: HeldKeys): KeyStore {
  let held = keys;
  return {
    load: async () => held,
    save: async (next) => {
      held = next;
    },
  };
}
