/** Step Functions waits for whole seconds: rounded up, or what comes after the wait would come before its time. */
export const waitUntil = (atMs: number): string =>
  `${new Date(Math.ceil(atMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
