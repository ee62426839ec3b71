import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readAuthority } from '../../../lib/authority-file.ts';
import { InvalidConfiguration } from '../../../lib/invalid-configuration.ts';

const directory = mkdtempSync(join(tmpdir(), 'keyturn-authority-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('is what the file holds', () => {
  const path = join(directory, 'authority.pem');
  writeFileSync(path, '-----BEGIN CERTIFICATE-----\n');
  expect(readAuthority(path)).toBe('-----BEGIN CERTIFICATE-----\n');
});

it('that is not there is refused, and says what to give', () => {
  const read = () => readAuthority(join(directory, 'none.pem'));
  expect(read).toThrow(InvalidConfiguration);
  expect(read).toThrow(/^webhookAuthority '.+none\.pem' cannot be read: ENOENT.*certificate in PEM/);
});
