/** Verifies a new key as a deployed authorizer does: by its own recognition, under its own rules. */
import type { ApiRules } from '../../lambdas/core/domain/authorization.ts';
import type { Plaintext } from '../../lambdas/core/domain/plaintext.ts';
import type { KeyVerifier } from '../../lambdas/core/ports/ambient.ts';
import { type AuthorizeDeps, recognizeUnaccepted } from '../../lambdas/core/use-cases/authorize.ts';

export class RuleVerifier implements KeyVerifier {
  readonly #deps: AuthorizeDeps;
  readonly #rules: ApiRules;
  calls = 0;
  /** While set, the authorizer objects with it. */
  objection: string | undefined;

  constructor(deps: AuthorizeDeps, rules: ApiRules) {
    this.#deps = deps;
    this.#rules = rules;
  }

  async verify(
    key: Plaintext,
    expected: { readonly keyId: string; readonly version: number },
  ): Promise<string | undefined> {
    this.calls += 1;
    if (this.objection) return this.objection;
    const answer = await recognizeUnaccepted(this.#deps, this.#rules, key.reveal());
    if (typeof answer === 'string') return answer;
    const known = answer.keyId === expected.keyId && answer.version === expected.version;
    return known ? undefined : 'another version';
  }
}
