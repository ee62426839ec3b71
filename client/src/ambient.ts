/** Time and chance, so that a test has them in its hand. */
export interface Ambient {
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 up to, but not, 1. */
  random(): number;
  /** Calls back later. @returns what calls it off */
  later(callback: () => void, milliseconds: number): () => void;
}

export const AMBIENT: Ambient = {
  now: () => Date.now(),
  random: () => Math.random(),
  later(callback, milliseconds) {
    const timer: unknown = setTimeout(callback, milliseconds);
    // On Node.js a renewal that is to come keeps no process from ending.
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
  },
};
