/** Files that are there whole or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError } from '../exit.ts';
import { placeFile, placeFolder } from '../files/new-place.ts';

/** Beside its place: another name for it holds within one file system alone. */
const besideOf = (path: string): string =>
  join(dirname(resolve(path)), `.${basename(resolve(path))}.${randomUUID()}`);

/** @throws CliError where it cannot be written, or something stands there */
export function writeWhole(path: string, text: string): void {
  const beside = besideOf(path);
  guarded(path, beside, () => {
    writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
    placeFile(beside, path);
  });
}

/** A folder of files: those of another report never lie among them. */
export function writeFolder(path: string, files: ReadonlyMap<string, string>): void {
  const beside = besideOf(path);
  guarded(path, beside, () => {
    mkdirSync(beside, { mode: 0o700 });
    for (const [name, text] of files) writeFileSync(join(beside, name), text, { mode: 0o600 });
    placeFolder(beside, path);
  });
}

function guarded(path: string, beside: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    rmSync(beside, { recursive: true, force: true });
    if (cause instanceof CliError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CliError(
      'not-written',
      `'${path}' could not be written: ${code ?? message}. Nothing was changed there.`,
      'Name a file in a folder that is there and may be written to.',
      { cause },
    );
  }
}
