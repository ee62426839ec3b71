/** Names resolved by ourselves, and every address that comes back checked: what was checked is what is connected to. */
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { addressRefusal } from '../../core/domain/public-address.ts';

export interface Resolved {
  readonly address: string;
  readonly family: number;
}
export type Resolve = (host: string) => Promise<readonly Resolved[]>;

/** The host may not be called: its message is a sentence. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused';
}

/** By the host's own resolver, all addresses. */
export const systemResolve: Resolve = (host) => systemLookup(host, { all: true, verbatim: true });

/** @throws HostRefused when the name has no address, or one that may not be called; what the resolver throws */
export async function checkedAddresses(
  host: string,
  resolve: Resolve,
  allowPrivateAddresses: boolean,
): Promise<readonly Resolved[]> {
  const found = await resolve(host);
  if (found.length === 0) throw new HostRefused(`The name ${host} has no address.`);
  for (const { address } of found) {
    const kind = addressRefusal(address, allowPrivateAddresses);
    if (kind !== undefined) {
      throw new HostRefused(`The name ${host} resolves to ${address}, which is ${kind}.`);
    }
  }
  return found;
}

/** For `node:https`: the socket goes to one of these addresses, and nobody asks for the name again. */
export const guardedLookup =
  (resolve: Resolve, allowPrivateAddresses: boolean): LookupFunction =>
  (host, options, callback) => {
    checkedAddresses(host, resolve, allowPrivateAddresses).then(
      (found) => {
        const [first] = found as readonly [Resolved];
        if (options.all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
