/** A stretch of network before a server, that a test can cut: connections refused, dropped, or left without a word. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `drop-answers`: what is sent arrives, and the connection ends before the answer comes back. */
export type Weather = 'clear' | 'reset' | 'stall' | 'drop-answers';

export class TcpProxy {
  weather: Weather = 'clear';
  /** Connections that were opened. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(address: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(address);
    const server = createServer();
    const proxy = new TcpProxy(server);
    server.on('connection', (client) => proxy.#join(client, connect(Number(port), hostname)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends the connections that are open, as a change of the network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, upstream: Socket): void {
    this.connections += 1;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (this.weather === 'reset') client.resetAndDestroy();
      else if (this.weather !== 'stall') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (this.weather === 'drop-answers') client.destroy();
      else if (this.weather === 'clear') client.write(chunk);
    });
  }
}
