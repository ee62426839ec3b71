/** What the model is made of: processes that end anywhere, races in a told order, a search that finds keys. */
import { describe, expect, it } from 'vitest';
import { inWords } from '../../model/acts/surroundings.ts';
import type { Crash } from '../../model/commands.ts';
import { interleave } from '../../model/interleave.ts';
import { Process } from '../../model/process.ts';
import { Secrets } from '../../model/secrets.ts';

const BEGAN = { atMs: 0, order: 1 };

/** A port whose writes are seen, and a process that calls it. */
function processOn(log: string[], name: string, crash?: Crash) {
  const process = new Process({ kind: 'test' }, BEGAN, { clock: () => 0, watch: async () => {}, crash });
  const port = process.through('store', {
    find: async () => void log.push(`${name} reads`),
    save: async () => void log.push(`${name} writes`),
  });
  const body = async () => {
    await port.find();
    await port.save();
    await port.save();
  };
  return { process, body };
}

describe('a process', () => {
  it.each([
    ['before', 'dies', 0, 'died', ['a reads']],
    ['after', 'dies', 0, 'died', ['a reads', 'a writes']],
    ['before', 'dies', 1, 'died', ['a reads', 'a writes']],
    ['before', 'fails', 0, 'failed', ['a reads']],
    ['after', 'fails', 1, 'failed', ['a reads', 'a writes', 'a writes']],
    ['after', 'fails', 2, 'answered', ['a reads', 'a writes', 'a writes']],
  ] as const)('whose crash is %s (%s), at write %i, has %s', async (when, how, write, ended, calls) => {
    const log: string[] = [];
    const { process, body } = processOn(log, 'a', { when, how, write });

    expect((await process.run(body)).ended).toBe(ended);
    expect(log).toEqual(calls);
  });
});

describe('processes at the same time', () => {
  it.each([
    [[], ['a reads', 'a writes', 'a writes', 'b reads', 'b writes', 'b writes']],
    [
      [1, 0, 1],
      ['b reads', 'a reads', 'b writes', 'a writes', 'a writes', 'b writes'],
    ],
    [
      [0, 1, 0, 1, 0, 1],
      ['a reads', 'b reads', 'a writes', 'b writes', 'a writes', 'b writes'],
    ],
  ])('call in the order of the turns %j', async (turns, calls) => {
    const log: string[] = [];
    const both = ['a', 'b'].map((name) => processOn(log, name));

    await interleave(
      both.map(({ process }) => process),
      both.map(
        ({ process, body }) =>
          async () =>
            void (await process.run(body)),
      ),
      turns,
    );

    expect(log).toEqual(calls);
  });

  it('go on without one that dies', async () => {
    const log: string[] = [];
    const dying = processOn(log, 'a', { when: 'after', how: 'dies', write: 0 });
    const other = processOn(log, 'b');

    await interleave(
      [dying.process, other.process],
      [dying, other].map(
        ({ process, body }) =>
          async () =>
            void (await process.run(body)),
      ),
      [0, 1, 0, 1],
    );

    expect(log).toEqual(['a reads', 'b reads', 'a writes', 'b writes', 'b writes']);
  });
});

describe('the search for keys', () => {
  const KEY = `mk_live_AbCdEfGhIj12_${'s3cret'.repeat(7)}x123456`;

  it.each([
    ['a key that nobody has told of', KEY],
    ['a key within more', { detail: [`key ${KEY}.`] }],
    ['a key in an error and its cause', new Error('failed', { cause: new Error(KEY) })],
    ['a key in a map', new Map([['sealed', KEY]])],
    ['a key as bytes', { bytes: Buffer.from(KEY) }],
    ['a key that is only encoded', { ciphertext: Buffer.from(KEY).toString('base64') }],
  ])('finds %s', (_what, value) => {
    expect(() => new Secrets().search('in a test', value)).toThrow('A key in clear is in a test.');
  });

  it('finds the secret part alone, once it knows the key', () => {
    const secrets = new Secrets();
    const secret = KEY.slice(-49, -6);
    expect(() => secrets.search('in a test', secret)).not.toThrow();

    secrets.learn(KEY);

    expect(() => secrets.search('in a test', `…${secret}…`)).toThrow('A key in clear is in a test.');
    expect(() => secrets.search('in a test', { keyId: 'AbCdEfGhIj12', version: 1 })).not.toThrow();
  });
});

describe('durations of a story', () => {
  it.each([
    [1, '1 second'],
    [16, '16 seconds'],
    [60, '1 minute'],
    [5_400, '90 minutes'],
    [86_400, '1 day'],
    [15 * 86_400, '15 days'],
  ])('%i: %s', (seconds, words) => {
    expect(inWords(seconds)).toBe(words);
  });
});
