/** One environment of the authorizer: it keeps what it remembers of keys, and what it has counted and not written. */
import type { AuthorizationDecision, AuthorizationRequest } from '../../lambdas/core/domain/authorization.ts';
import type { AuthorizeDeps } from '../../lambdas/core/use-cases/authorize.ts';
import { RULES } from '../support/memory-world.ts';
import type { Settings } from './commands.ts';
import { Instance } from './instance.ts';
import type { Parts } from './parts.ts';

export const CALLER: Omit<AuthorizationRequest, 'presented'> = {
  sourceAddress: '198.51.100.7',
  userAgent: 'client/1',
  mcp: { method: undefined, name: undefined, protocolVersion: undefined },
};

/** What is counted of wrong keys changes no decision. */
export const UNCOUNTED: AuthorizeDeps['wrongKeys'] = {
  count: async () => undefined,
  flushDue: async () => undefined,
};

export class Environment extends Instance {
  readonly #deps: AuthorizeDeps;

  constructor(parts: Parts, { memorySeconds, flushSeconds }: Settings, clock: () => number) {
    super(parts, clock);
    this.#deps = {
      memory: parts.memory(this.through('reader', parts.reader), memorySeconds * 1000),
      meter: parts.meter(this.through('writer', parts.writer), flushSeconds * 1000),
      wrongKeys: UNCOUNTED,
      peppers: this.peppers,
      clock,
    };
  }

  authorize(presented: string): Promise<AuthorizationDecision> {
    return this.parts.useCases.authorize(this.#deps, RULES, { ...CALLER, presented });
  }

  /** Told that it ends: it writes what it has counted. */
  flush(): Promise<void> {
    return this.#deps.meter.flushAll();
  }
}
