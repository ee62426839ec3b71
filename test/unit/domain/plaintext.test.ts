import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { describe, expect, it, vi } from 'vitest';
import { SealBroken } from '../../../lambdas/core/domain/errors.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';

const KEY = 'mk_live_Ab3dEf7hIj9L_the-secret-part';
const plaintext = new Plaintext(KEY);

/** What the console writes for these values. */
function printed(...values: readonly unknown[]): string {
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  new Console({ stdout, stderr: stdout }).log(...values);
  return text;
}

describe('Plaintext', () => {
  it('gives the key to whoever reveals it', () => {
    expect(plaintext.reveal()).toBe(KEY);
  });

  it.each<[string, () => string]>([
    ['String()', () => String(plaintext)],
    ['a template', () => `${plaintext}`],
    ['concatenation', () => `key: ${[plaintext].join()}`],
    ['JSON.stringify', () => JSON.stringify({ key: plaintext, all: [plaintext] })],
    ['util.inspect', () => inspect({ key: plaintext }, { depth: 10, showHidden: true })],
    ['util.format', () => format('%s %j %o %O %d', plaintext, plaintext, plaintext, plaintext, plaintext)],
    ['the console', () => printed(plaintext, { key: plaintext }, new Map([['key', plaintext]]))],
    ['an error that holds it', () => inspect(new SealBroken('broken', { cause: { key: plaintext } }))],
    ['a spread copy', () => JSON.stringify({ ...plaintext })],
    ['Object.entries', () => JSON.stringify(Object.entries(plaintext))],
    ['a structured clone', () => inspect(structuredClone(plaintext))],
  ])('shows nothing of the key to %s', (_who, show) => {
    expect(show()).not.toContain('secret');
    expect(show()).not.toContain('Ab3dEf7hIj9L');
  });

  it('says that something is there, and that it is redacted', () => {
    expect([String(plaintext), JSON.stringify(plaintext), inspect(plaintext)]).toEqual([
      '[redacted]',
      '"[redacted]"',
      '[redacted]',
    ]);
  });

  it('shows nothing of the key to the logger of the functions', () => {
    let line = '';
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      line += String(text);
      return true;
    });
    const logger = new Logger({ serviceName: 'test' });

    logger.info('a line', {
      key: plaintext,
      nested: { key: plaintext },
      error: new Error(`of ${plaintext}`),
    });

    stdout.mockRestore();
    expect(line).toContain('a line');
    expect(line).toContain('[redacted]');
    expect(line).not.toContain('secret');
  });
});
