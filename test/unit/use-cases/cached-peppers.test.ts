import { describe, expect, it } from 'vitest';
import { CachedPeppers } from '../../../lambdas/core/use-cases/cached-peppers.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const secretText = (...versions: readonly string[]): string =>
  JSON.stringify({
    current: versions.at(-1),
    ...Object.fromEntries(versions.map((version) => [version, version.repeat(32)])),
  });

function peppersReading(first: string) {
  const source = {
    text: first,
    reads: 0,
    failure: undefined as Error | undefined,
    /** What a read waits for. */
    gate: Promise.resolve(),
  };
  const clock = new ManualClock();
  const peppers = new CachedPeppers(async () => {
    source.reads += 1;
    await source.gate;
    if (source.failure) throw source.failure;
    return source.text;
  }, clock.read);
  return { source, clock, peppers };
}

describe('CachedPeppers', () => {
  it('reads once for all that ask at once and later', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));

    await Promise.all([peppers.warm(), peppers.byVersion('1'), peppers.current()]);
    clock.advanceSeconds(86_400);
    const pepper = await peppers.byVersion('1');

    expect(pepper).toEqual({ version: '1', secret: Buffer.from('1'.repeat(32)) });
    expect(source.reads).toBe(1);
  });

  it('reads again for a version that is not known: a pepper was rotated', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.warm();
    source.text = secretText('1', '2');
    clock.advanceSeconds(5);

    expect(await peppers.byVersion('2')).toMatchObject({ version: '2' });
    expect(await peppers.byVersion('1')).toMatchObject({ version: '1' });
    expect(source.reads).toBe(2);
  });

  it('makes one read in five seconds for versions that are not there, not one a request', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.warm();
    clock.advanceSeconds(5);

    for (let request = 0; request < 10; request += 1) expect(await peppers.byVersion('9')).toBeUndefined();
    expect(source.reads).toBe(2);
    clock.advanceSeconds(5);
    await peppers.byVersion('9');

    expect(source.reads).toBe(3);
  });

  it('hashes new versions under a rotated pepper after ten seconds at the latest', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.current();
    source.text = secretText('1', '2');

    clock.advanceSeconds(9.999);
    expect((await peppers.current()).version).toBe('1');
    clock.advanceSeconds(0.001);
    expect((await peppers.current()).version).toBe('2');
  });

  it('takes no pepper for the current one when it cannot be told whether it still is', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.current();
    source.failure = new Error('The secret is unreadable.');
    clock.advanceSeconds(10);

    await expect(peppers.current()).rejects.toThrow('The secret is unreadable.');
  });

  it('reads again after a clock that went back: an age that cannot be told is none', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.current();
    clock.advanceSeconds(-3600);
    await peppers.current();

    expect(source.reads).toBe(2);
  });

  it('keeps what the later of two reads brought, whichever comes first', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.warm();
    clock.advanceSeconds(5);
    let answerOfBefore = (): void => {};
    source.gate = new Promise((resolve) => {
      answerOfBefore = resolve;
    });
    const slow = peppers.byVersion('2');
    const { text } = source;
    clock.advanceSeconds(5);
    source.gate = Promise.resolve();
    source.text = secretText('1', '2');
    expect(await peppers.byVersion('2')).toMatchObject({ version: '2' });

    source.text = text;
    answerOfBefore();
    expect(await slow).toBeUndefined();

    expect(await peppers.byVersion('2')).toMatchObject({ version: '2' });
    expect(source.reads).toBe(3);
  });

  it('fails closed when nothing was ever read, and tries again with the next request', async () => {
    const { source, peppers } = peppersReading(secretText('1'));
    source.failure = new Error('The secret is unreadable.');
    await expect(peppers.byVersion('1')).rejects.toThrow('The secret is unreadable.');
    source.failure = undefined;

    expect(await peppers.byVersion('1')).toMatchObject({ version: '1' });
  });

  it('keeps what it knows when a later read fails: keys of known peppers stay in', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.warm();
    source.failure = new Error('The secret is unreadable.');
    clock.advanceSeconds(5);

    await expect(peppers.byVersion('2')).rejects.toThrow('The secret is unreadable.');
    expect(await peppers.byVersion('1')).toMatchObject({ version: '1' });
  });

  it('does not let a slow read for an unknown version hold up keys of known peppers', async () => {
    const { source, clock, peppers } = peppersReading(secretText('1'));
    await peppers.warm();
    clock.advanceSeconds(5);

    let release = (): void => {};
    source.gate = new Promise((resolve) => {
      release = resolve;
    });
    const slow = peppers.byVersion('2');

    expect(await peppers.byVersion('1')).toMatchObject({ version: '1' });
    release();
    expect(await slow).toBeUndefined();
    expect(source.reads).toBe(2);
  });
});
