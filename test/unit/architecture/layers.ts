/** Who may import whom. */
import { type Import, importsOf, type Source } from '../../support/source-imports.ts';

const AWS =
  /^(@aws-sdk|@smithy|@aws-lambda-powertools|@aws-crypto|aws-cdk-lib|aws4|aws-lambda|constructs)(\/|$)/;

export const isAws = (target: string): boolean => AWS.test(target);

export interface Layer {
  readonly name: string;
  readonly directories: readonly string[];
  /** Why a source must not import this, or undefined when it may. */
  readonly objection: (found: Import, from: string) => string | undefined;
}

const isFile = (target: string): boolean => target.endsWith('.ts') || target.endsWith('.json');
const isIn = (target: string, ...directories: readonly string[]): boolean =>
  directories.some((directory) => target.startsWith(`${directory}/`));
/** The function whose directory a file of `lambdas/functions` is in, if it is in one. */
const functionOf = (path: string): string | undefined => /^lambdas\/functions\/([^/]+)\//.exec(path)?.[1];

/** What browsers do not load. */
const NODE_ONLY = ['client/src/node.ts', 'client/src/new-key.ts'];

export const LAYERS: readonly Layer[] = [
  {
    name: 'rules import rules alone, and no package',
    directories: ['rules'],
    objection: ({ target }) =>
      isIn(target, 'rules') || target.startsWith('node:') ? undefined : 'rules stand alone',
  },
  {
    name: 'core imports core and rules, and no AWS package',
    directories: ['lambdas/core'],
    objection: ({ target }) => {
      if (isFile(target)) return isIn(target, 'lambdas/core', 'rules') ? undefined : 'imports point inward';
      return isAws(target) ? 'core knows no AWS package' : undefined;
    },
  },
  {
    name: 'the domain imports neither ports nor use cases, and ports no use cases',
    directories: ['lambdas/core/domain', 'lambdas/core/ports'],
    objection: ({ target, typeOnly }, from) => {
      if (isIn(target, 'lambdas/core/use-cases')) return 'imports point inward';
      const outward = isIn(from, 'lambdas/core/domain') && isIn(target, 'lambdas/core/ports');
      return outward && !typeOnly ? 'imports point inward' : undefined;
    },
  },
  {
    name: 'adapters import adapters, core and rules',
    directories: ['lambdas/adapters'],
    objection: ({ target }) => {
      if (!isFile(target)) return target.startsWith('aws-cdk-lib') ? 'infrastructure is lib’s' : undefined;
      return isIn(target, 'lambdas/adapters', 'lambdas/core', 'rules') ? undefined : 'imports point inward';
    },
  },
  {
    name: 'a function imports no other function',
    directories: ['lambdas/functions'],
    objection: ({ target }, from) => {
      if (isFile(target) && !isIn(target, 'lambdas', 'rules')) return 'imports point inward';
      const other = functionOf(target);
      return other !== undefined && other !== functionOf(from)
        ? 'functions do not know each other'
        : undefined;
    },
  },
  {
    name: 'infrastructure takes only types from the functions',
    directories: ['lib', 'bin'],
    objection: ({ target, typeOnly }) => {
      if (!isFile(target) || isIn(target, 'lib', 'bin', 'rules')) return undefined;
      if (!isIn(target, 'lambdas')) return 'infrastructure knows lib, rules and the types of lambdas';
      return typeOnly ? undefined : 'only types: what runs in Lambda is bundled, not imported';
    },
  },
  {
    name: 'the client knows jose and itself, and Node.js where it says so',
    directories: ['client/src'],
    objection: ({ target }, from) => {
      if (isFile(target)) return isIn(target, 'client/src') ? undefined : 'it is published without the rest';
      if (target.startsWith('node:')) return NODE_ONLY.includes(from) ? undefined : 'browsers have no node:';
      return target === 'jose' ? undefined : 'its one dependency is jose';
    },
  },
  {
    name: 'the server helper and the examples know no AWS package',
    directories: ['server', 'examples'],
    objection: ({ target }) => {
      if (isAws(target)) return 'a backend needs no AWS package for it';
      if (!isFile(target)) return undefined;
      const allowed = isIn(target, 'server', 'examples', 'rules', 'lambdas/core');
      return allowed ? undefined : 'backends know the server helper and the domain';
    },
  },
];

/** `from → target: objection` for each import that a layer objects to. */
export function objectionsTo({ objection }: Layer, sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((found) => {
      const why = objection(found, source.path);
      return why === undefined ? [] : [`${source.path} → ${found.target}: ${why}`];
    }),
  );
}

/** Names of global state that pure code must not read. */
export function ambientIn({ path, text }: Source): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<=^|\s)\/\/.*$/gm, '');
  const found = code.match(
    /\bprocess\s*(\.|\[|\?)|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomBytes\s*\(\s*\d/g,
  );
  return (found ?? []).map((word) => `${path}: ${word}`);
}
