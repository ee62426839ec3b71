/** A receiver of webhooks on loopback, over real TLS, that behaves as it is told. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificates.ts';

export interface ReceivedCall {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

export type Behave = (response: ServerResponse, call: ReceivedCall, request: IncomingMessage) => void;

export const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Behave =>
  (response) =>
    response.writeHead(status, headers).end(body);

export class HttpsReceiver {
  readonly received: ReceivedCall[] = [];
  behave: Behave = answering(200);
  /** Connections that were opened, whatever came of them. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor({ cert, key }: Certificate) {
    this.#server = createServer({ cert, key }, (request, response) => this.#serve(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** @param host address of loopback */
  static async start(certificate: Certificate, host = '127.0.0.1'): Promise<HttpsReceiver> {
    const receiver = new HttpsReceiver(certificate);
    await new Promise<void>((resolve) => receiver.#server.listen(0, host, resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const call = { method, path, headers, body: Buffer.concat(chunks).toString('utf8'), atMs: Date.now() };
      this.received.push(call);
      this.behave(response, call, request);
    });
  }
}
