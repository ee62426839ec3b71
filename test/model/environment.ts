/** One environment of the authorizer: it serves a request at a time, and keeps what it remembers and has not written. */
import type { AuthorizationDecision, AuthorizationRequest } from '../../lambdas/core/domain/authorization.ts';
import type { AuthorizeDeps } from '../../lambdas/core/use-cases/authorize.ts';
import { RULES } from '../support/memory-world.ts';
import type { Settings } from './commands.ts';
import type { Parts } from './parts.ts';
import type { Process } from './process.ts';

export const CALLER: Omit<AuthorizationRequest, 'presented'> = {
  sourceAddress: '198.51.100.7',
  userAgent: 'client/1',
  mcp: { method: undefined, name: undefined, protocolVersion: undefined },
};

export class Environment {
  readonly #parts: Parts;
  readonly #deps: AuthorizeDeps;
  #process: Process | undefined;
  /** It serves somebody: a second request at the same time would go to another environment. */
  isTaken = false;

  constructor(parts: Parts, { memorySeconds, flushSeconds }: Settings, clock: () => number) {
    this.#parts = parts;
    const through = <Port extends object>(name: string, port: Port): Port =>
      new Proxy(port, {
        get: (target, property) => Reflect.get((this.#process as Process).through(name, target), property),
      });
    this.#deps = {
      memory: parts.memory(through('reader', parts.reader), memorySeconds * 1000),
      meter: parts.meter(through('writer', parts.writer), flushSeconds * 1000),
      peppers: parts.peppers,
      clock,
    };
  }

  authorize(process: Process, presented: string): Promise<AuthorizationDecision> {
    return this.#serve(process, () =>
      this.#parts.useCases.authorize(this.#deps, RULES, { ...CALLER, presented }),
    );
  }

  /** Told that it ends: it writes what it has counted. */
  flush(process: Process): Promise<void> {
    return this.#serve(process, () => this.#deps.meter.flushAll());
  }

  #serve<Result>(process: Process, body: () => Promise<Result>): Promise<Result> {
    this.#process = process;
    return body();
  }
}
