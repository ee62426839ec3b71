/** Divides the files among two runs at once, each on a local cloud of its own: those that wait, and those that keep it busy. */
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They spend their time waiting for minutes and grace periods to pass. Two that are busy at once would slow each other. */
const WAITING = [
  'rotation-metrics',
  'pepper',
  'pepper-alerts',
  'rotation',
  'deliveries',
  'claim-link',
  'renewal',
  'watch',
  'notices',
  'mail-events',
];

const waits = ({ moduleId }: TestSpecification): boolean => WAITING.includes(basename(moduleId, '.test.ts'));

export class TwoClouds extends BaseSequencer {
  /** `--shard=1/2`: those that wait; `--shard=2/2`: all others. */
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.filter((file) => waits(file) === (this.ctx.config.shard?.index === 1));
  }
}
