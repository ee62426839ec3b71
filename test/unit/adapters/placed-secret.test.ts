import { describe, expect, it } from 'vitest';
import {
  KEY_ID,
  notesFor,
  placedSecret,
  placesIn,
  versionIn,
} from '../../../lambdas/adapters/vault/placed-secret.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';

const PLACED = { keyId: 'Ab3dEf7hIj9L', version: 2, key: new Plaintext('mk_live_…') };

describe('the secret of a key', () => {
  it('has the fields that a client uses, and none that is not known', () => {
    expect(placedSecret(PLACED, undefined)).toEqual({ key: 'mk_live_…', keyId: 'Ab3dEf7hIj9L', version: 2 });
    expect(placedSecret({ ...PLACED, previousExpiresAtMs: 0 }, 'https://api.example.com')).toMatchObject({
      endpoint: 'https://api.example.com',
      previousVersionExpiresAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('is known by its key’s id, and as a key at all', () => {
    const present = (data: object) => ({ state: 'present', version: 7, data: { ...data } }) as const;
    expect(versionIn(present(placedSecret(PLACED, undefined)), PLACED.keyId)).toBe(2);
    expect(versionIn(present(placedSecret(PLACED, undefined)), 'another')).toBeUndefined();
    expect(versionIn(present({ keyId: PLACED.keyId, version: 2 }), PLACED.keyId)).toBeUndefined();
    expect(versionIn({ state: 'deleted', version: 7 }, PLACED.keyId)).toBeUndefined();
    expect(versionIn({ state: 'absent', version: 0 }, PLACED.keyId)).toBeUndefined();
  });
});

describe('notes of where versions lie', () => {
  it('name the key and the version, and are read back in the order of the vault', () => {
    const notes = notesFor('k', 3, 9, { custom: { 'keyturn-version-1': '12' } });
    expect(notes).toEqual({ [KEY_ID]: 'k', 'keyturn-version-3': '9' });
    const custom = { 'keyturn-version-1': '12', 'keyturn-version-3': '9', other: '1' };
    expect(placesIn(custom)).toEqual([
      { version: 3, kvVersion: 9 },
      { version: 1, kvVersion: 12 },
    ]);
  });

  it('are 20 at most: those of the oldest go', () => {
    const custom = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`keyturn-version-${index + 1}`, String(index + 1)]),
    );
    expect(notesFor('k', 21, 21, { custom })).toEqual({
      [KEY_ID]: 'k',
      'keyturn-version-1': null,
      'keyturn-version-21': '21',
    });
    expect(notesFor('k', 20, 30, { custom })).toEqual({ [KEY_ID]: 'k', 'keyturn-version-20': '30' });
  });
});
