/** The publish function, called with events that it is to tell again. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { AuditEvent } from '../../core/domain/audit-event.ts';
import type { Publisher } from '../../core/ports/publisher.ts';

export class PublishFunction implements Publisher {
  readonly #client: LambdaClient;
  readonly #name: string;

  constructor(client: LambdaClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async again(events: readonly AuditEvent[]): Promise<number> {
    const { Payload, FunctionError } = await this.#client.send(
      new InvokeCommand({
        FunctionName: this.#name,
        Payload: Buffer.from(JSON.stringify({ again: events })),
      }),
    );
    if (FunctionError !== undefined) throw new Error('The publish function failed; its log says why.');
    const { untold } = JSON.parse(Buffer.from(Payload ?? []).toString()) as { readonly untold: number };
    return untold;
  }
}
