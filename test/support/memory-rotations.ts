/** Rotations in memory, by the keys and the rotations on record. */
import { groupOf, type Rotation } from '../../lambdas/core/domain/key-record.ts';
import type {
  KeyRotation,
  RotationPage,
  RotationQuery,
  Rotations,
} from '../../lambdas/core/ports/rotations.ts';
import type { RotationGroup } from '../../rules/words.ts';
import type { MemoryTable } from './memory-table.ts';

const TOKEN = /^skip-(\d+)$/;

export class MemoryRotations implements Rotations {
  readonly #table: MemoryTable;

  constructor(table: MemoryTable) {
    this.#table = table;
  }

  async list({
    groups,
    endedSinceMs = 0,
    limit,
    nextToken,
  }: RotationQuery): Promise<RotationPage | 'bad-token'> {
    await this.#table.turn();
    const skipped = nextToken === undefined ? 0 : Number(TOKEN.exec(nextToken)?.[1] ?? Number.NaN);
    if (Number.isNaN(skipped)) return 'bad-token';
    const all = groups.flatMap((group) => this.#of(group, endedSinceMs));
    const end = skipped + limit;
    return { rotations: all.slice(skipped, end), nextToken: end < all.length ? `skip-${end}` : null };
  }

  async endedOf(keyId: string): Promise<readonly Rotation[]> {
    await this.#table.turn();
    return this.#ended()
      .filter((each) => each.keyId === keyId)
      .map(({ rotation }) => rotation);
  }

  async running(): Promise<readonly KeyRotation[]> {
    await this.#table.turn();
    return this.#running();
  }

  async endedSince(sinceMs: number): Promise<readonly KeyRotation[]> {
    await this.#table.turn();
    return this.#ended().filter(({ rotation }) => (rotation.endedAtMs ?? 0) >= sinceMs);
  }

  #of(group: RotationGroup, sinceMs: number): readonly KeyRotation[] {
    if (group === 'running') return this.#running().sort((left, right) => timeOf(left) - timeOf(right));
    return this.#ended()
      .filter(({ rotation }) => groupOf(rotation) === group && (rotation.endedAtMs ?? 0) >= sinceMs)
      .sort((left, right) => timeOf(right) - timeOf(left));
  }

  #running(): KeyRotation[] {
    return [...this.#table.keys.values()].flatMap(({ keyId, owner, rotation }) =>
      rotation ? [{ keyId, owner, rotation }] : [],
    );
  }

  #ended(): KeyRotation[] {
    return [...this.#table.rotations].map(([name, rotation]) => {
      const [keyId = ''] = name.split('/');
      return { keyId, owner: this.#table.keys.get(keyId)?.owner ?? '', rotation };
    });
  }
}

const timeOf = ({ rotation }: KeyRotation): number => rotation.endedAtMs ?? rotation.startedAtMs;
