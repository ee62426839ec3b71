import { beforeEach, describe, expect, it } from 'vitest';
import type { Destination } from '../../../lambdas/core/domain/key-record.ts';
import { placeName } from '../../../lambdas/functions/admin/place-name.ts';
import { MemoryPlace } from '../../support/memory-place.ts';

let places: Record<'secrets-manager' | 'vault', MemoryPlace>;
beforeEach(() => {
  places = { 'secrets-manager': new MemoryPlace(), vault: new MemoryPlace() };
});
const SECRET: Destination = { kind: 'secret', name: 'keyturn/Ab3dEf7hIj9L' };

describe('where a client reads its key', () => {
  it('is the ARN of the secret, and its name while there is none or it cannot be seen', async () => {
    expect(await placeName({ places }, { destination: SECRET })).toBe('keyturn/Ab3dEf7hIj9L');
    places['secrets-manager'].current.set('Ab3dEf7hIj9L', 1);
    expect(await placeName({ places }, { destination: SECRET })).toMatch(
      /^arn:.*:keyturn\/Ab3dEf7hIj9L-AbCdEf$/,
    );
    places['secrets-manager'].outage = 'denied';
    expect(await placeName({ places }, { destination: SECRET })).toBe('keyturn/Ab3dEf7hIj9L');
  });

  it('is the path in the vault, and nowhere for a key that is handed out', async () => {
    expect(await placeName({ places }, { destination: { kind: 'vault', path: 'teams/search' } })).toBe(
      'teams/search',
    );
    expect(await placeName({ places }, {})).toBeUndefined();
  });
});
