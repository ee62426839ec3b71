/** A file that is there whole or not at all. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AuditRecord } from '../../lambdas/core/domain/audit-proof/audit-record.ts';
import { CliError } from '../exit.ts';
import { placeFile } from '../files/new-place.ts';
import { writeRecords } from './record-lines.ts';

/** @returns how many records were written */
export async function writeExport(records: AsyncIterable<AuditRecord>, path: string): Promise<number> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const file = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
    await once(file, 'open');
    // An error while nobody waits would end the process: it is met when the file is closed.
    const failed = once(file, 'error').then(([error]) => Promise.reject(error as Error));
    failed.catch(() => undefined);
    const count = await Promise.race([writeRecords(records, file), failed]);
    file.end();
    await Promise.race([once(file, 'close'), failed]);
    placeFile(partial, path);
    return count;
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof Error && 'syscall' in error) throw notWritten(path, error);
    throw error;
  }
}

const notWritten = (path: string, error: Error): CliError =>
  new CliError(
    'not-written',
    `The export could not be written to '${path}': ${error.message}.`,
    'Nothing of it is left. Name a file in a directory that is there, on a disk with room.',
    { cause: error },
  );
