/** A loopback port that nobody listens on. */
import { createServer } from 'node:net';
import { LocalError } from './local-error.ts';

const FIRST_PORT = 4566;
const PORTS_TRIED = 200;

/**
 * The first free port from `first` on. Another program can still take it before it is used.
 *
 * @throws LocalError when all of the range is taken
 */
export async function freePort(first = FIRST_PORT, tries = PORTS_TRIED): Promise<number> {
  for (let port = first; port < first + tries; port++) {
    if (await isFree(port)) return port;
  }
  throw new LocalError(
    `No free port on 127.0.0.1 between ${first} and ${first + tries - 1}. End what listens there and run it again.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
