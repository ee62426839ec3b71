export interface FileLockOptions {
  /** Called once, when another process holds the lock. */
  readonly onWait?: (holderPid: number) => void;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMilliseconds?: number;
}
/** Runs `work` while this process alone holds the lock file; a lock whose process has died is taken over. */
export function withFileLock<T>(path: string, work: () => Promise<T>, options?: FileLockOptions): Promise<T>;
