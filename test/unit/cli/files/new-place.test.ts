/** Putting a finished file or folder where nothing stands, on file systems with and without a second name for a file. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { placeFile, placeFolder, refuseTaken } from '../../../../cli/files/new-place.ts';

let folder: string;
let finished: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-place-'));
  finished = join(folder, 'finished');
  path = join(folder, 'path');
});
afterEach(() => rmSync(folder, { recursive: true }));

const noLinks = () => {
  throw Object.assign(new Error('not supported'), { code: 'EPERM' });
};

describe.each([
  ['a second name', []],
  ['no second names', [noLinks]],
] as const)('a file, where there is %s', (_name, link) => {
  test('is put where nothing stands, as it was written', () => {
    writeFileSync(finished, 'ours', { mode: 0o600 });
    placeFile(finished, path, ...link);
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['ours', 0o600]);
    expect(existsSync(finished)).toBe(false);
  });

  test('never replaces a file, a folder or a link that leads nowhere', () => {
    writeFileSync(finished, 'ours');
    writeFileSync(path, 'theirs');
    expect(() => placeFile(finished, path, ...link)).toThrow(/has made '.*' meanwhile/);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    mkdirSync(join(folder, 'theirs'));
    expect(() => placeFile(finished, join(folder, 'theirs'), ...link)).toThrow(/meanwhile/);
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    expect(() => placeFile(finished, join(folder, 'link'), ...link)).toThrow(/meanwhile/);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('that cannot be put there says why', () => {
    writeFileSync(finished, 'ours');
    expect(() => placeFile(finished, join(folder, 'none', 'path'), ...link)).toThrow(/ENOENT/);
  });
});

describe('a folder', () => {
  beforeEach(() => {
    mkdirSync(finished);
    writeFileSync(join(finished, 'a.csv'), 'ours');
  });

  test('is put where nothing stands', () => {
    placeFolder(finished, path);
    expect(readdirSync(folder)).toEqual(['path']);
    expect(readFileSync(join(path, 'a.csv'), 'utf8')).toBe('ours');
  });

  test('never replaces a folder, an empty one neither, or a file', () => {
    mkdirSync(path);
    expect(() => placeFolder(finished, path)).toThrow(/meanwhile/);
    rmSync(path, { recursive: true });
    writeFileSync(path, 'theirs');
    expect(() => placeFolder(finished, path)).toThrow(/meanwhile/);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });

  test('leaves nothing where it could not be moved', () => {
    expect(() => placeFolder(join(folder, 'gone'), path)).toThrow(/ENOENT/);
    expect(existsSync(path)).toBe(false);
  });
});

test('what stands there is said before any work, a link that leads nowhere too', () => {
  expect(() => refuseTaken(path)).not.toThrow();
  symlinkSync(join(folder, 'nowhere'), path);
  expect(() => refuseTaken(path)).toThrow(/There is '.*' already/);
});
