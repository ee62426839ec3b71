import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CHECKOUT,
  type LocalCloud,
  localCloudFile,
  readLocalCloud,
  removeLocalCloud,
  stateDirectory,
  writeLocalCloud,
} from '../../../local/state.ts';

const CLOUD: LocalCloud = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'us-east-1',
  stackName: 'Keyturn',
  mcpUrl: 'http://127.0.0.1:4566/_aws/execute-api/a/prod/mcp',
  outputs: { TableName: 'T' },
  pid: 4711,
  port: 4566,
  startedAt: '2026-11-23T14:00:00.000Z',
  cloud: { name: 'MiniStack', version: '1.5.33' },
};
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-state-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('local.json', () => {
  it('is written whole, read back and removed, with nothing left beside it', () => {
    writeLocalCloud(join(directory, 'new'), CLOUD);
    expect(readLocalCloud(join(directory, 'new'))).toEqual(CLOUD);
    removeLocalCloud(join(directory, 'new'));
    expect(readdirSync(join(directory, 'new'))).toEqual([]);
    expect(readLocalCloud(join(directory, 'new'))).toBeUndefined();
  });

  it.each(['', '{', '{"endpoint":"x"}', 'null'])('counts as absent when it holds %j', (text) => {
    writeFileSync(localCloudFile(directory), text);
    expect(readLocalCloud(directory)).toBeUndefined();
  });
});

describe('stateDirectory', () => {
  it('is .keyturn of the checkout, unless KEYTURN_STATE_DIR names another', () => {
    expect(stateDirectory({})).toBe(join(CHECKOUT, '.keyturn'));
    expect(stateDirectory({ KEYTURN_STATE_DIR: '/elsewhere' })).toBe('/elsewhere');
  });
});
