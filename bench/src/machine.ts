/** The machine and the versions that the figures are of. */
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../../local/state.ts';
import { betterAuthVersions } from './better-auth.ts';

const COMPARED = [
  'aws4',
  '@aws-lambda-powertools/logger',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/lib-dynamodb',
  '@aws-sdk/client-secrets-manager',
  'esbuild',
];

export interface Machine {
  readonly processor: string;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted a core when the measurement began. */
  readonly load: string;
}

export const machine = (): Machine => ({
  processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${arch()}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${type()} ${release().split('.', 2).join('.')}${distribution()}`,
  node: process.version,
  load: loadavg()[0]?.toFixed(1) ?? 'unknown',
});

export function versions(emulator: string): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
  return {
    ...Object.fromEntries(COMPARED.map((name) => [name, dependencies[name]])),
    ...betterAuthVersions(),
    MiniStack: emulator,
  };
}

function distribution(): string {
  try {
    const name = /^PRETTY_NAME="(.+)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return name ? ` (${name})` : '';
  } catch {
    return '';
  }
}
