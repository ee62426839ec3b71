/** Asks each deployed authorizer function whether it knows a new key: the same code, data and rights as a request meets. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Plaintext } from '../../core/domain/plaintext.ts';
import type { KeyVerifier } from '../../core/ports/ambient.ts';
import type { VerificationAnswer, VerificationEvent } from '../../core/ports/verification.ts';

export class AuthorizerVerifier implements KeyVerifier {
  readonly #client: LambdaClient;
  readonly #functions: readonly string[];

  constructor(client: LambdaClient, functions: readonly string[]) {
    this.#client = client;
    this.#functions = functions;
  }

  async verify(
    key: Plaintext,
    expected: { readonly keyId: string; readonly version: number },
  ): Promise<string | undefined> {
    const answers = await Promise.all(this.#functions.map((name) => this.#ask(name, key)));
    const serving = answers.filter((answer) => answer.refused !== 'environment-not-served');
    if (serving.length === 0) return 'No deployed authorizer serves the environment of this key.';
    const objections = serving.filter(
      ({ recognized }) => recognized?.keyId !== expected.keyId || recognized.version !== expected.version,
    );
    if (objections.length === 0) return undefined;
    return `${objections.length} of ${serving.length} authorizers do not know version ${expected.version}: ${objections
      .map((answer) => answer.refused ?? 'another version')
      .join(', ')}.`;
  }

  async #ask(functionName: string, key: Plaintext): Promise<VerificationAnswer> {
    const event: VerificationEvent = { type: 'KEYTURN_VERIFICATION', key: key.reveal() };
    const { FunctionError, Payload } = await this.#client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) }),
    );
    if (FunctionError || !Payload) return { refused: 'authorizer-fault' };
    return JSON.parse(Buffer.from(Payload).toString('utf8')) as VerificationAnswer;
  }
}
