/** Finished files and folders are put where nothing stands: what is there, or comes meanwhile, is somebody's. */
import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { CliError, EXIT } from '../exit.ts';

/** Before any work: a command that could not put its result anywhere need not begin. */
export function refuseTaken(path: string): void {
  // A link that leads nowhere stands there too.
  if (lstatSync(path, { throwIfNoEntry: false }))
    throw taken(path, `There is '${path}' already.`, EXIT.usage);
}

/**
 * A rename would replace what somebody made there since it was looked for; a second name for the file never does.
 *
 * @param link where it cannot make one (FAT, some network drives) the file is copied, to a name that must be new too
 */
export function placeFile(finished: string, path: string, link: typeof linkSync = linkSync): void {
  try {
    link(finished, path);
  } catch (error) {
    if (isTaken(error)) throw taken(path, madeMeanwhile(path), EXIT.failed);
    copyNew(finished, path);
  }
  rmSync(finished);
}

function copyNew(finished: string, path: string): void {
  try {
    copyFileSync(finished, path, constants.COPYFILE_EXCL);
  } catch (error) {
    throw isTaken(error) ? taken(path, madeMeanwhile(path), EXIT.failed) : error;
  }
}

/** Folders have no second name: an empty one is made first, which a rename replaces as long as it is empty. */
export function placeFolder(finished: string, path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    throw isTaken(error) ? taken(path, madeMeanwhile(path), EXIT.failed) : error;
  }
  try {
    renameSync(finished, path);
  } catch (error) {
    if (!isTaken(error)) rmdirSync(path);
    throw isTaken(error) ? taken(path, madeMeanwhile(path), EXIT.failed) : error;
  }
}

const isTaken = (error: unknown): boolean =>
  ['EEXIST', 'ENOTEMPTY'].includes(String((error as NodeJS.ErrnoException).code));

const madeMeanwhile = (path: string): string => `Somebody else has made '${path}' meanwhile.`;

const taken = (path: string, message: string, exitCode: CliError['exitCode']): CliError =>
  new CliError(
    'file-exists',
    message,
    `Nothing is written over: name another place, or move '${path}' away.`,
    {
      exitCode,
    },
  );
