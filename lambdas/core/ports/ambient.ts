/** Time, randomness, and the services around a rotation. */
import type { Plaintext } from '../domain/plaintext.ts';

/** Milliseconds since 1970 UTC. */
export type Clock = () => number;

export type { RandomBytes } from '../domain/base62.ts';

/** Asks the deployed authorizers themselves whether they would know a new key. */
export interface KeyVerifier {
  /** @returns why it is not ready, or undefined when every authorizer that serves the key knows it */
  verify(
    key: Plaintext,
    expected: { readonly keyId: string; readonly version: number },
  ): Promise<string | undefined>;
}

/** API Gateway's own caches of authorizer answers. */
export interface AuthorizerCaches {
  /** Empties them all, so that a refusal holds at once. Safe to repeat. */
  flush(): Promise<void>;
}

/** `not-found`: too new to be seen yet, or so old that its history is gone. */
export type ExecutionState = 'running' | 'ended' | 'not-found';

/** Executions of the rotation machine. */
export interface Executions {
  stateOf(executionArn: string): Promise<ExecutionState>;
  /** Ends one that has nothing left to do, and says why. One that is over already stays as it is. */
  stop(executionArn: string, why: string): Promise<void>;
}

/** How an execution stands, for whoever must say why it did nothing. */
export interface ExecutionLook {
  readonly state: ExecutionState;
  /** Of one that failed: why. */
  readonly cause?: string;
}

export interface ExecutionLooker {
  look(executionArn: string): Promise<ExecutionLook>;
}

/** A state machine, for whoever starts it. */
export interface MachineStarter {
  /** Starts the execution of this name, once. @returns its ARN */
  start(name: string, request: unknown): Promise<string>;
  /** The ARN of the execution of this name, whether it exists or not. */
  arnOf(name: string): string;
}
