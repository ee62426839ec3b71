import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grants, isValidScope, LONGEST_SCOPE, parseScope, toolScope } from '../../../rules/scopes.ts';

const area = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
const action = fc.stringMatching(/^[A-Za-z0-9_./-]{1,60}$/);

describe('parseScope', () => {
  it.each([
    ['tools:*', { area: 'tools', action: '*' }],
    ['tools:getWeather', { area: 'tools', action: 'getWeather' }],
    ['tools:files/read.v2_x-y', { area: 'tools', action: 'files/read.v2_x-y' }],
    ['a-b_9:Z', { area: 'a-b_9', action: 'Z' }],
  ])('reads %s', (text, value) => {
    expect(parseScope(text)).toEqual({ ok: true, value });
  });

  it.each([
    ['', "The scope '' has no colon."],
    ['tools', "The scope 'tools' has no colon."],
    [':x', "The scope ':x' has the area ''."],
    ['Tools:x', "The scope 'Tools:x' has the area 'Tools'."],
    ['*:x', "The scope '*:x' has the area '*'."],
    ['tools:', "The scope 'tools:' has the action ''."],
    ['tools:a*', "The scope 'tools:a*' has the action 'a*'."],
    ['tools:a:b', "The scope 'tools:a:b' has the action 'a:b'."],
    ['tools:a b', "The scope 'tools:a b' has the action 'a b'."],
    ['tools:a\n', "The scope 'tools:a\\n' has the action 'a\\n'."],
    ['tools:é', "The scope 'tools:é' has the action 'é'."],
  ])('refuses %j with what was wrong and the mend', (text, message) => {
    expect(parseScope(text)).toEqual({ ok: false, message, hint: expect.stringMatching(/^Write .+\.$/) });
  });

  it('takes 128 characters and refuses 129, showing only their beginning', () => {
    expect(isValidScope(`tools:${'a'.repeat(LONGEST_SCOPE - 6)}`)).toBe(true);
    const tooLong = parseScope(`tools:${'a'.repeat(LONGEST_SCOPE - 5)}`);
    expect(tooLong).toMatchObject({ ok: false, message: expect.stringContaining("…' has 129 characters") });
  });

  it('never throws, and gives back what it was written from', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseScope(text).ok === 'boolean'));
    fc.assert(
      fc.property(area, action, (a, b) => {
        expect(parseScope(`${a}:${b}`)).toEqual({ ok: true, value: { area: a, action: b } });
      }),
    );
  });
});

describe('grants', () => {
  it.each([
    [['tools:*'], 'tools:echo', true],
    [['tools:*'], 'tools:*', true],
    [['tools:echo'], 'tools:echo', true],
    [['orders:*'], 'orders:read', true],
    [['a:x', 'tools:echo'], 'tools:echo', true],
    [[], 'tools:echo', false],
    [['tools:echo'], 'tools:Echo', false],
    [['tools:echo'], 'tools:echo2', false],
    [['tools:echo'], 'tools:*', false],
    [['orders:*'], 'tools:echo', false],
    [['tools:*'], 'tools', false],
    [['*:*', ':*', '*'], 'tools:echo', false],
    [[':*'], ':x', false],
  ])('%j for %s: %s', (scopes, required, granted) => {
    expect(grants(scopes, required)).toBe(granted);
  });

  it('by an area wildcard grants that area and no other', () => {
    fc.assert(
      fc.property(area, area, action, (granted, asked, what) => {
        expect(grants([`${granted}:*`], `${asked}:${what}`)).toBe(granted === asked);
      }),
    );
  });
});

describe('toolScope', () => {
  it.each([
    ['echo', 'tools:echo'],
    ['*', 'tools:*'],
    ['', 'tools:*'],
    ['a b', 'tools:*'],
    ['a" error="x', 'tools:*'],
    ['écho', 'tools:*'],
  ])('of the tool %j is %s', (name, scope) => {
    expect(toolScope(name)).toBe(scope);
  });
});
