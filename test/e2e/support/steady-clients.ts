/** Clients that go on calling with the keys they have, some at a time: what they are answered, and when. */
import { bearer, postCall } from './mcp.ts';

export interface ClientCall {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly status: number;
}

export interface Client {
  readonly keyId: string;
  readonly key: string;
  readonly url: string;
  readonly calls: ClientCall[];
}

/** One machine plays the cloud and all clients: each calls again when all others had their turn. */
const AT_ONCE = 4;
/** A refused call ends the process of its authorizer there: a client that is refused has been heard. */
const REFUSALS_HEARD = 2;

export const isRefused = ({ calls }: Client): boolean =>
  calls.slice(-REFUSALS_HEARD).filter(({ status }) => status === 401).length === REFUSALS_HEARD;

/** @returns a function that ends the calls and waits for those on their way */
export function startClients(clients: readonly Client[]): () => Promise<void> {
  let stopped = false;
  let turn = 0;
  const work = async () => {
    while (!stopped) {
      const client = clients[turn++ % clients.length] as Client;
      if (isRefused(client)) await new Promise((resolve) => setTimeout(resolve, 5));
      else await call(client);
    }
  };
  const workers = Array.from({ length: AT_ONCE }, work);
  return async () => {
    stopped = true;
    await Promise.all(workers);
  };
}

export async function call({ url, key, calls }: Client): Promise<ClientCall> {
  const startedAtMs = Date.now();
  const { status } = await postCall(url, bearer(key));
  const made = { startedAtMs, endedAtMs: Date.now(), status };
  calls.push(made);
  return made;
}
