/** Files that are there whole or not at all. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError } from '../exit.ts';

/** Beside its place: a rename holds within one file system alone. */
const besideOf = (path: string): string =>
  join(dirname(resolve(path)), `.${basename(resolve(path))}.${randomUUID()}`);

/** @throws CliError where it cannot be written; what stood there before stays then */
export function writeWhole(path: string, text: string): void {
  const beside = besideOf(path);
  guarded(path, beside, () => {
    writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
    renameSync(beside, path);
  });
}

/** A folder of files, which must not be there yet: files of another report would lie among them. */
export function writeFolder(path: string, files: ReadonlyMap<string, string>): void {
  if (existsSync(path)) {
    throw new CliError('file-exists', `'${path}' is there already.`, 'Name a folder that is not there yet.');
  }
  const beside = besideOf(path);
  guarded(path, beside, () => {
    mkdirSync(beside, { mode: 0o700 });
    for (const [name, text] of files) writeFileSync(join(beside, name), text, { mode: 0o600 });
    renameSync(beside, path);
  });
}

function guarded(path: string, beside: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    rmSync(beside, { recursive: true, force: true });
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CliError(
      'not-written',
      `'${path}' could not be written: ${code ?? message}. Nothing was changed there.`,
      'Name a file in a folder that is there and may be written to.',
      { cause },
    );
  }
}
