/** Records as lines of JSON: read from a file or a pipe, and written to one, some at a time. */

import { once } from 'node:events';
import { createReadStream, type WriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { type AuditRecord, recordFrom } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import type { Sink } from '../context.ts';

/** Longer than any record: an event is smaller than an item of DynamoDB. */
const LONGEST_LINE = 1_000_000;

/** @returns undefined for each line that is no record */
export async function* recordsIn(source: Readable): AsyncGenerator<AuditRecord | undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of source) {
    rest += decoder.write(chunk as Buffer);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield recordIn(line);
    // Whatever it begins with: what stands behind it is read by whoever opens the file, and would not be checked.
    if (rest.length > LONGEST_LINE) return yield undefined;
  }
  if (rest !== '') yield recordIn(rest);
}

function recordIn(line: string): AuditRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // As it was written: of a name that stands there twice a reader may take the other one.
    return JSON.stringify(value) === line.replace(/\r$/, '') ? recordFrom(value) : undefined;
  } catch {
    return undefined;
  }
}

export const fileRecords = (path: string): AsyncGenerator<AuditRecord | undefined> =>
  recordsIn(path === '-' ? process.stdin : createReadStream(path));

/** Waits while whoever reads is slower. @returns how many records there were */
export async function writeRecords(
  records: AsyncIterable<AuditRecord>,
  to: Sink | WriteStream,
): Promise<number> {
  let count = 0;
  for await (const record of records) {
    count += 1;
    if (to.write(`${JSON.stringify(record)}\n`) === false && 'once' in to) await once(to, 'drain');
  }
  return count;
}
