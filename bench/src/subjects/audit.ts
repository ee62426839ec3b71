/** Checks an export in a process of its own, and says what that took: argv has its path, and `live` to look at the heap. */
import { createReadStream } from 'node:fs';
import { recordsIn } from '../../../cli/audit/record-lines.ts';
import type { AuditRecord } from '../../../lambdas/core/domain/audit-proof/audit-record.ts';
import { parseProofKey } from '../../../lambdas/core/domain/audit-proof/digest.ts';
import { verifyRecords } from '../../../lambdas/core/domain/audit-proof/verify-records.ts';

const [, , warmUp = '', path = '', live] = process.argv;
/** Between two looks at the heap. */
const EVERY = 2_000;

export interface AuditChecked {
  readonly events: number;
  readonly chains: number;
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
  readonly liveMegabytes: number;
}

const alive = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

async function check(file: string, onRecord: () => void = () => {}) {
  async function* looked(records: AsyncIterable<AuditRecord | undefined>) {
    for await (const record of records) {
      onRecord();
      yield record;
    }
  }
  const verification = await verifyRecords(looked(recordsIn(createReadStream(file))), ({ publicKey }) =>
    parseProofKey(publicKey),
  );
  if (verification.outcome !== 'holds') throw new Error(JSON.stringify(verification));
  return verification.summary;
}

// Code that is still being compiled would make what is checked first look slow.
await check(warmUp);
const before = live ? alive() : 0;
let most = before;
let seen = 0;
const look = () => {
  seen += 1;
  if (seen % EVERY === 0) most = Math.max(most, alive());
};
const [startedMs, used] = [performance.now(), process.cpuUsage()];
const { events, chains } = await check(path, live ? look : undefined);
const { user, system } = process.cpuUsage(used);
const checked: AuditChecked = {
  events,
  chains,
  milliseconds: performance.now() - startedMs,
  processorMilliseconds: (user + system) / 1000,
  liveMegabytes: most - before,
};
process.send?.(checked);
