/** The watch function, called without waiting for it: Lambda calls it again where it fails. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Watch } from '../../core/ports/watch.ts';

export class WatchFunction implements Watch {
  readonly #client: LambdaClient;
  readonly #name: string;

  constructor(client: LambdaClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  retiredUses(retired: Parameters<Watch['retiredUses']>[0]): Promise<void> {
    return this.#call({ retired });
  }

  stuckRotations(stuck: Parameters<Watch['stuckRotations']>[0]): Promise<void> {
    return this.#call({ stuck });
  }

  async #call(event: object): Promise<void> {
    await this.#client.send(
      new InvokeCommand({
        FunctionName: this.#name,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
  }
}
