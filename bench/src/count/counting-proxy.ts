/**
 * Stands between the code and the local cloud and counts what goes over the wire: nothing of what is counted knows of it,
 * and a request that a library makes by itself counts too.
 */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, unitsOf } from './capacity.ts';
import { NOTHING, plus, type Tally } from './tally.ts';
import { wholeRead } from './whole-read.ts';

export interface StartedExecution {
  readonly machineArn: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Answers invocations of functions, which run in this process. */
export type InvokeFunction = (name: string, event: unknown) => Promise<unknown>;

const SERVICES: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'DynamoDB',
  TrentService: 'KMS',
  secretsmanager: 'Secrets Manager',
  AWSStepFunctions: 'Step Functions',
  AWSEvents: 'EventBridge',
};
const FORM = /^application\/x-www-form-urlencoded\b/;
const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

export class CountingProxy {
  readonly #endpoint: string;
  readonly #server: Server;
  #tally = NOTHING;
  /** Of functions by name; without it an invocation is an error. */
  invoke: InvokeFunction | undefined;
  /** Executions that were asked for, in order. */
  readonly started: StartedExecution[] = [];

  private constructor(endpoint: string) {
    this.#endpoint = endpoint;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        this.#answer(request.url ?? '/', request.headers, text).then(
          ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
          (error: Error) => response.destroy(error),
        );
      });
    });
  }

  /** @param endpoint of the local cloud */
  static async start(endpoint: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(endpoint);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything since the start. */
  get tally(): Tally {
    return this.#tally;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(url: string, headers: IncomingHttpHeaders, text: string) {
    const invoked = INVOCATION.exec(url)?.[1];
    if (invoked !== undefined) return this.#invocation(decodeURIComponent(invoked), text);
    if (FORM.test(String(headers['content-type']))) return this.#form(headers, text);
    const [target = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
    const service = SERVICES[target];
    if (!service) throw new Error(`'${target}' is no service that is counted.`);
    const request = text === '' ? {} : JSON.parse(text);
    const forward = (body: object) => this.#forward(headers, JSON.stringify(body));
    const { status, type, body } = await forward(
      service === 'DynamoDB' ? { ...request, ReturnConsumedCapacity: 'TOTAL' } : request,
    );
    this.#count(`${service} ${operation}`, text, body, status >= 400);
    if (operation === 'StartExecution' && status < 400) {
      this.started.push({
        machineArn: request.stateMachineArn,
        name: request.name,
        input: JSON.parse(request.input),
      });
    }
    if (operation === 'PutEvents') {
      this.#tally = plus(this.#tally, { ...NOTHING, busEvents: request.Entries.length });
    }
    if (service === 'DynamoDB' && status < 400) {
      const read = wholeRead(request);
      const answer = (read ? await forward(read) : { body }).body;
      const units = unitsOf(operation, request, JSON.parse(answer) as Answer);
      this.#tally = plus(this.#tally, { ...NOTHING, ...units });
    }
    return { status, type, body };
  }

  /** Of Amazon SES, the one service here that takes forms. */
  async #form(headers: IncomingHttpHeaders, text: string) {
    const answer = await this.#forward(headers, text);
    this.#count(`SES ${new URLSearchParams(text).get('Action')}`, text, answer.body, answer.status >= 400);
    return answer;
  }

  async #invocation(name: string, text: string) {
    if (!this.invoke) throw new Error(`Nothing answers the invocation of ${name}.`);
    const body = JSON.stringify(await this.invoke(name, JSON.parse(text)));
    this.#count('Lambda Invoke', text, body, false);
    return { status: 200, type: 'application/json', body };
  }

  async #forward(headers: IncomingHttpHeaders, body: string) {
    const answer = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': headers['content-type'] ?? 'application/x-amz-json-1.0',
        ...(headers['x-amz-target'] ? { 'x-amz-target': String(headers['x-amz-target']) } : {}),
        authorization: String(headers.authorization),
      },
      body,
    });
    const type = answer.headers.get('content-type') ?? 'application/x-amz-json-1.0';
    return { status: answer.status, type, body: await answer.text() };
  }

  #count(name: string, sent: string, received: string, failed: boolean): void {
    this.#tally = plus(this.#tally, {
      ...NOTHING,
      requests: { [name]: 1 },
      failed: failed ? 1 : 0,
      sentBytes: Buffer.byteLength(sent),
      receivedBytes: Buffer.byteLength(received),
    });
  }
}
