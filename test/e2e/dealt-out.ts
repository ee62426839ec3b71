/** Divides the files among shards that run at once, each on a local cloud of its own: as cards are dealt, the longest first. */
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that wait for minutes or grace periods to pass. */
const LONGEST = [
  'rotation-metrics',
  'pepper',
  'rotation',
  'renewal',
  'sweep-fleet',
  'deliveries',
  'claim-link',
];

const nameOf = ({ moduleId }: TestSpecification): string => basename(moduleId, '.test.ts');

function rankOf(file: TestSpecification): number {
  const place = LONGEST.indexOf(nameOf(file));
  return place === -1 ? LONGEST.length : place;
}

export class DealtOut extends BaseSequencer {
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index, count } = this.ctx.config.shard as { readonly index: number; readonly count: number };
    const ordered = [...files].sort(
      (one, other) => rankOf(one) - rankOf(other) || (nameOf(one) < nameOf(other) ? -1 : 1),
    );
    return ordered.filter((_, place) => place % count === index - 1);
  }
}
