/**
 * Stands between the code and the local cloud and counts what goes over the wire: nothing of what is counted knows of it,
 * and a request that a library makes by itself counts too.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, unitsOf } from './capacity.ts';
import { insertedBy } from './inserted-items.ts';
import type { WireItem } from './item-size.ts';
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
/** Of services that take forms, by what their requests are signed for. */
const FORM_SERVICES: Readonly<Record<string, string>> = { ses: 'SES', email: 'SES', sns: 'SNS' };
const SIGNED_FOR = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\/aws4_request/;
/** Hop by hop, or set anew by whoever sends. */
const OWN_HEADERS = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect']);
/** `fetch` has undone what they say of the body. */
const ANSWERED_ANEW = new Set(['content-length', 'content-encoding', 'transfer-encoding', 'connection']);
/** An answer like another: of a single write, not of a transaction. */
const UNMET = /"__type":\s*"[^"]*ConditionalCheckFailedException"/;
const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

export class CountingProxy {
  readonly #endpoint: string;
  readonly #server: Server;
  #tally = NOTHING;
  /** Of functions by name; without it an invocation is an error. */
  invoke: InvokeFunction | undefined;
  /** Executions that were asked for, in order. */
  readonly started: StartedExecution[] = [];
  /** Items that were put into the table and are not taken yet: of each write together, as its stream shows them. */
  #inserted: (readonly WireItem[])[] = [];

  private constructor(endpoint: string) {
    this.#endpoint = endpoint;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const sent = Buffer.concat(chunks);
        const answer =
          signedFor(request.headers) === 's3'
            ? this.#object(request, sent)
            : this.#answer(request.url ?? '/', request.headers, sent.toString());
        answer.then(
          ({ status, body, ...told }) =>
            response
              .writeHead(status, 'headers' in told ? told.headers : { 'content-type': told.type })
              .end(body),
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

  /** Writes of new items since this was asked last. */
  takeInserted(): readonly (readonly WireItem[])[] {
    const taken = this.#inserted;
    this.#inserted = [];
    return taken;
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
    const unmet = status === 400 && UNMET.test(body);
    this.#count(`${service} ${operation}`, text, body, status >= 400 && !unmet);
    // What is not written for its condition is billed by the item that stands there: here none, or a small one.
    if (unmet) this.#tally = plus(this.#tally, { ...NOTHING, writeUnits: 1 });
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
      const inserted = insertedBy(operation, request);
      if (inserted.length > 0) this.#inserted.push(inserted);
    }
    return { status, type, body };
  }

  /** Of Amazon SES and SNS. */
  async #form(headers: IncomingHttpHeaders, text: string) {
    const answer = await this.#forward(headers, text);
    const service = FORM_SERVICES[signedFor(headers)];
    if (!service) throw new Error(`'${signedFor(headers)}' is no service that is counted.`);
    const action = new URLSearchParams(text).get('Action');
    this.#count(`${service} ${action}`, text, answer.body, answer.status >= 400);
    return answer;
  }

  /** Of Amazon S3: by method and path, and listed or read. */
  async #object({ method = 'GET', url = '/', headers }: IncomingMessage, sent: Buffer) {
    const answer = await fetch(`${this.#endpoint}${url}`, {
      method,
      headers: Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) =>
          OWN_HEADERS.has(name) || value === undefined ? [] : [[name, String(value)]],
        ),
      ),
      ...(sent.length > 0 ? { body: new Uint8Array(sent) } : {}),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const listed = method === 'GET' && new URL(url, this.#endpoint).searchParams.has('versions');
    this.#count(`S3 ${listed ? 'LIST' : method}`, sent, body, answer.status >= 400);
    const told = Object.fromEntries([...answer.headers].filter(([name]) => !ANSWERED_ANEW.has(name)));
    return { status: answer.status, headers: told, body };
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

  #count(name: string, sent: string | Buffer, received: string | Buffer, failed: boolean): void {
    this.#tally = plus(this.#tally, {
      ...NOTHING,
      requests: { [name]: 1 },
      failed: failed ? 1 : 0,
      sentBytes: Buffer.byteLength(sent),
      receivedBytes: Buffer.byteLength(received),
    });
  }
}

const signedFor = ({ authorization }: IncomingHttpHeaders): string =>
  SIGNED_FOR.exec(authorization ?? '')?.[1] ?? '';
