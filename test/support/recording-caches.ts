/** Counts how often API Gateway's caches were emptied. */
import type { AuthorizerCaches } from '../../lambdas/core/ports/ambient.ts';

export class RecordingCaches implements AuthorizerCaches {
  flushes = 0;
  /** While set, emptying fails with it. */
  failure: Error | undefined;

  async flush(): Promise<void> {
    if (this.failure) throw this.failure;
    this.flushes += 1;
  }
}
