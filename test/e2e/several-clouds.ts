/** Divides the files among runs at the same time, each on a local cloud of its own: those that wait, and those that keep it busy. */
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * They spend their time waiting for minutes and grace periods to pass, and each of these runs takes about as long as all
 * the other files together. Two that are busy at once would slow each other.
 */
const WAITING: readonly (readonly string[])[] = [
  ['rotation-metrics', 'rotation', 'deliveries', 'notices', 'secret-delivery', 'watch'],
  ['pepper', 'pepper-alerts', 'sweep-fleet', 'mail-events', 'renewal', 'claim-link'],
];

const runOf = ({ moduleId }: TestSpecification): number => {
  const found = WAITING.findIndex((names) => names.includes(basename(moduleId, '.test.ts')));
  return found === -1 ? WAITING.length : found;
};

export class SeveralClouds extends BaseSequencer {
  /** `--shard=1/3` and `--shard=2/3`: those that wait; `--shard=3/3`: all others. @throws for any other count */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index = 1, count } = this.ctx.config.shard ?? {};
    if (count !== WAITING.length + 1) {
      throw new Error(`The files are divided among ${WAITING.length + 1} runs, not ${count}.`);
    }
    return files.filter((file) => runOf(file) === index - 1);
  }
}
