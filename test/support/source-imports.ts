/** What source files import, read from their text: who may know whom is decided on it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Import {
  /** Path from the repository's root for a file of this repository, the specifier for a package. */
  readonly target: string;
  /** Gone when the types are. */
  readonly typeOnly: boolean;
}

export interface Source {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file below these directories. */
export function sourcesIn(...directories: readonly string[]): Source[] {
  return directories.flatMap((directory) =>
    readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => source(join(directory, path))),
  );
}

export const source = (path: string): Source => ({ path, text: readFileSync(join(ROOT, path), 'utf8') });

const STATEMENT = /(?<![\w.$])(import|export)\s+(type\s+)?([^'"();]*?)\s*from\s*['"]([^'"]+)['"]/g;
const SIDE_EFFECT = /(?<![\w.$])import\s*['"]([^'"]+)['"]/g;
/** `import('…')` as an expression and as a type, `require('…')`. */
const CALL = /\b(?:import|require)\s*\(\s*['"`]([^'"`]+)['"`]\s*\)/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

export function importsOf({ path, text }: Source): Import[] {
  const code = text.replace(COMMENT, '');
  const found = (specifier: string, typeOnly: boolean): Import => ({
    target: specifier.startsWith('.') ? relative('', join(dirname(path), specifier)) : specifier,
    typeOnly,
  });
  return [
    ...[...code.matchAll(STATEMENT)].map(([, , type, names, specifier]) =>
      found(specifier as string, type !== undefined || isAllTypes(names as string)),
    ),
    ...[...code.matchAll(SIDE_EFFECT)].map(([, specifier]) => found(specifier as string, false)),
    ...[...code.matchAll(CALL)].map(([, specifier]) => found(specifier as string, false)),
  ];
}

/** `{ type A, type B }`: every name is a type. */
function isAllTypes(names: string): boolean {
  const inside = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  const each = (inside ?? '').split(',').map((name) => name.trim());
  const named = each.filter((name) => name !== '');
  return named.length > 0 && named.every((name) => name.startsWith('type '));
}

/** Files and packages that running `entry` loads, through all that it imports. */
export function reachableFrom(entry: string): Set<string> {
  const seen = new Set<string>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    if (!path.endsWith('.ts')) continue;
    open.push(...importsOf(source(path)).flatMap(({ target, typeOnly }) => (typeOnly ? [] : [target])));
  }
  return seen;
}
