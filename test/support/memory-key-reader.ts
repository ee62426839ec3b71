/** The authorizer's one read, from memory and counted. */
import type { AuthorizableKey, KeyReader } from '../../lambdas/core/ports/authorization.ts';
import type { MemoryTable } from './memory-table.ts';

export class MemoryKeyReader implements KeyReader {
  readonly #table: MemoryTable;
  reads = 0;
  /** While set, every read fails with it. */
  failure: Error | undefined;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async read(keyId: string): Promise<AuthorizableKey | undefined> {
    this.reads += 1;
    await this.#table.turn();
    if (this.failure) throw this.failure;
    const record = this.#table.keys.get(keyId);
    if (!record) return undefined;
    const { owner, environment, scopes, allowedAddresses, status, versions } = record;
    const { firstUsesMs, firstRefusalsMs } = record;
    return {
      keyId,
      owner,
      environment,
      scopes,
      allowedAddresses,
      status,
      versions,
      firstUsesMs,
      ...(firstRefusalsMs ? { firstRefusalsMs } : {}),
    };
  }
}
