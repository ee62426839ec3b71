/** What Node.js adds, as `keyturn-client/node`: keys in files that nobody else may read. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JWK } from 'jose';
import type { HeldKeys, KeyStore } from './key-store.ts';
import { newSigningKey, privateJwkOf, type SigningKey, signingKeyOf } from './signing-key.ts';

/** Keeps the API key in a file of mode 0600, replaced as a whole: a reader sees the old one or the new one. */
export function fileStore(path: string): KeyStore {
  return {
    async load() {
      const text = await readIfThere(path);
      return text === undefined ? undefined : heldKeysIn(text, path);
    },
    save: (keys) => writeWhole(path, `${JSON.stringify(keys)}\n`),
  };
}

/** The key pair kept in this file; a new one is made and kept there when there is none. */
export async function signingKeyFile(path: string): Promise<SigningKey> {
  const text = await readIfThere(path);
  if (text !== undefined) return signingKeyOf(jsonIn(text, path) as JWK);
  const made = await newSigningKey({ extractable: true });
  const jwk = await privateJwkOf(made);
  try {
    await writeWhole(path, `${JSON.stringify(jwk)}\n`, withoutReplacing);
    return await signingKeyOf(jwk);
  } catch (error) {
    // Of two that make one at once the later takes what the earlier has kept: the operator may know that one by now.
    if (codeOf(error) === 'EEXIST') return signingKeyFile(path);
    throw error;
  }
}

/** Where the file system has no links, the later of two wins. */
async function withoutReplacing(draft: string, path: string): Promise<void> {
  await link(draft, path).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') throw error;
    return rename(draft, path);
  });
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | undefined)?.code;

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function heldKeysIn(text: string, path: string): HeldKeys {
  const held = (jsonIn(text, path) ?? {}) as Partial<Record<keyof HeldKeys, unknown>>;
  const { current, previous, previousUntilMs } = held;
  if (typeof current !== 'string') throw new Error(`${path} holds no API key.`);
  const before = typeof previous === 'string' && typeof previousUntilMs === 'number';
  return { current, ...(before ? { previous, previousUntilMs } : {}) };
}

/** What a parser would say quotes what it read. */
function jsonIn(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON.`);
  }
}

/** @param settle how the draft takes its place: over what is there, or not */
async function writeWhole(
  path: string,
  text: string,
  settle: (draft: string, path: string) => Promise<void> = rename,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      // On the disk before it takes the place of the old one: a key that is used must not be lost by a power cut.
      await file.sync();
    } finally {
      await file.close();
    }
    await settle(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
