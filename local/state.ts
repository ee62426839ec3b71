/** What is kept on disk about a local cloud: its state directory, the emulator's record, and `local.json` for all who use it. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** The emulator process that this state directory started; written before it answers, so that it is never lost. */
const EmulatorRecord = z.object({
  instance: z.string().startsWith('keyturn-'),
  /** The directory of its files and of its Lambda functions', removed with it. */
  files: z.string().regex(/keyturn-local-\w+$/),
  pid: z.int().positive(),
  port: z.int().positive(),
  endpoint: z.url(),
  startedAt: z.iso.datetime(),
  bootstrapped: z.boolean(),
});
export type EmulatorRecord = z.infer<typeof EmulatorRecord>;

/** `local.json`: a local cloud with the stack deployed. `pid` is null when the emulator was started by somebody else. */
const LocalCloud = z.object({
  endpoint: z.url(),
  region: z.string(),
  stackName: z.string(),
  mcpUrl: z.string().optional(),
  mcpHttpUrl: z.string().optional(),
  outputs: z.record(z.string(), z.string()),
  pid: z.int().positive().nullable(),
  port: z.int().positive(),
  startedAt: z.iso.datetime(),
  cloud: z.object({ name: z.string(), version: z.string() }),
});
export type LocalCloud = z.infer<typeof LocalCloud>;

/** The directory of one local cloud: `KEYTURN_STATE_DIR`, or `.keyturn` in this checkout. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.KEYTURN_STATE_DIR ?? join(CHECKOUT, '.keyturn'));
}

export const localCloudFile = (directory: string) => join(directory, 'local.json');
const emulatorFile = (directory: string) => join(directory, 'emulator.json');

/** The described local cloud; undefined when there is none, or when the file is not one that this version wrote. */
export function readLocalCloud(directory: string): LocalCloud | undefined {
  return read(localCloudFile(directory), LocalCloud);
}

export function writeLocalCloud(directory: string, cloud: LocalCloud): void {
  writeWhole(localCloudFile(directory), cloud);
}

export function removeLocalCloud(directory: string): void {
  rmSync(localCloudFile(directory), { force: true });
}

export function readEmulatorRecord(directory: string): EmulatorRecord | undefined {
  return read(emulatorFile(directory), EmulatorRecord);
}

export function writeEmulatorRecord(directory: string, record: EmulatorRecord): void {
  writeWhole(emulatorFile(directory), record);
}

export function removeEmulatorRecord(directory: string): void {
  rmSync(emulatorFile(directory), { force: true });
}

function read<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Readers see the old file or the new one, never a half. */
function writeWhole(path: string, value: unknown): void {
  mkdirSync(resolve(path, '..'), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(draft, path);
}
