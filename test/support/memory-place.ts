/** A place in memory where a client reads its key, and that can be out of reach. */
import type { Destination } from '../../lambdas/core/domain/key-record.ts';
import type { ClaimLink, KeyPlace, LinkSender, PlacedVersion } from '../../lambdas/core/ports/key-place.ts';

/** Clients find another version, and nothing can be done about it there. */
export class NeverHeld extends Error {
  override readonly name = 'NeverHeld';
}

export class MemoryPlace implements KeyPlace {
  /** All versions ever put, by key, the current one last. */
  readonly versions = new Map<string, readonly PlacedVersion[]>();
  readonly current = new Map<string, number>();
  /** Said by `trouble`, and thrown by every write. */
  outage: string | undefined;
  /** Awaited by each write before it acts. */
  beforeWrite: () => Promise<void> = async () => undefined;

  async trouble(): Promise<string | undefined> {
    return this.outage;
  }

  async put(_destination: Destination, placed: PlacedVersion): Promise<void> {
    await this.#write();
    const before = this.versions.get(placed.keyId) ?? [];
    if (!before.some(({ version }) => version === placed.version)) {
      this.versions.set(placed.keyId, [...before, placed]);
    }
    this.current.set(placed.keyId, placed.version);
  }

  async restore(_destination: Destination, keyId: string, version: number): Promise<void> {
    await this.#write();
    const held = this.versions.get(keyId) ?? [];
    if (held.some((placed) => placed.version === version)) this.current.set(keyId, version);
    else if (held.length > 0) throw new NeverHeld(`The place has never held version ${version}.`);
  }

  async remove(_destination: Destination, keyId: string): Promise<void> {
    await this.#write();
    this.versions.delete(keyId);
    this.current.delete(keyId);
  }

  async addressOf(destination: Destination): Promise<string | undefined> {
    if (this.outage !== undefined) throw new Error(this.outage);
    const isThere = destination.kind === 'secret' && this.current.size > 0;
    return isThere
      ? `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${destination.name}-AbCdEf`
      : undefined;
  }

  /** What the key's client reads now. */
  read(keyId: string): string | undefined {
    const current = this.current.get(keyId);
    return this.versions
      .get(keyId)
      ?.find(({ version }) => version === current)
      ?.key.reveal();
  }

  async #write(): Promise<void> {
    await this.beforeWrite();
    if (this.outage !== undefined) throw new Error(this.outage);
  }
}

export class MemoryLinks implements LinkSender {
  readonly sent: ClaimLink[] = [];
  /** Passes: thrown. */
  outage: string | undefined;
  /** Lasts: answered. */
  trouble: string | undefined;

  async send(link: ClaimLink): Promise<string | undefined> {
    if (this.outage !== undefined) throw new Error(this.outage);
    if (this.trouble === undefined) this.sent.push(link);
    return this.trouble;
  }
}
