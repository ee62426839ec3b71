/** After a whole life of a key, no store, log, history or metric of the deployment holds it in clear. */
import { rmSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { everything, expectNowhere, placesWith, secretOf } from './support/leaks.ts';
import { bearer, callTool, postCall } from './support/mcp.ts';
import { OTHER_ACCOUNT, PLANTED_FILE, PLANTS, plantedKey } from './support/plant.ts';
import { archiveEvents } from './support/written/messages.ts';

beforeAll(() => archiveEvents());

describe('the search', () => {
  const key = plantedKey();

  test('finds a key in each kind of place', async () => {
    try {
      for (const plant of Object.values(PLANTS)) await plant(OTHER_ACCOUNT, key);
      const texts = await everything(OTHER_ACCOUNT);
      const kinds = (places: readonly string[]) => [...new Set(places.map((place) => place.split(' ')[0]))];
      expect(kinds(placesWith(texts, [])).sort()).toEqual(Object.keys(PLANTS).sort());
      expect(kinds([...texts.keys()]).sort()).toEqual(Object.keys(PLANTS).sort());
    } finally {
      rmSync(PLANTED_FILE, { force: true });
    }
  });

  test.each([
    ['as it is', (text: string) => text],
    ['within more', (text: string) => `…{"authorization":"Bearer ${text}"}…`],
    ['without what stands around its secret', secretOf],
    ['in Base64', (text: string) => Buffer.from(`{"key":"${text}"}`).toString('base64')],
    [
      'in Base64 of another alignment',
      (text: string) => Buffer.from(`{"is":"${text}"}`).toString('base64url'),
    ],
  ])('finds it %s', (_how, wrap) => {
    expect(placesWith(new Map([['here', wrap(key)]]), [secretOf(key)])).toEqual(['here']);
  });
});

test('no key is anywhere after a rotation, an extension, an emergency and refusals', async () => {
  const { keyId, key: first } = await issueKey();
  const { rotationId } = await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT16S' });
  await eventually(
    'The new version',
    () => admin('rotation', { keyId, rotationId }),
    (rotation) => rotation?.status === 'dual-key',
  );
  const { key: second } = await admin('claim', { keyId });
  for (const { url } of APIS) {
    await callTool(url, first, 'echo');
    await callTool(url, second, 'whoami', '2025-11-25');
    await postCall(url, { ...bearer(first), 'x-api-key': second });
    await postCall(`${url}?key=none`, bearer(`${second}x`));
  }
  await eventually(
    'The end of the rotation',
    async () => {
      await postCall(APIS[0].url, bearer(second));
      return admin('rotation', { keyId, rotationId });
    },
    (rotation) => rotation?.endedAt !== null,
    90_000,
  );
  const emergency = await admin('rotate', {
    keyId,
    purpose: 'emergency',
    reason: 'test',
    immediateInvalidation: true,
  });
  await eventually(
    'The end of the emergency',
    () => admin('rotation', { keyId, rotationId: emergency.rotationId }),
    (rotation) => rotation?.endedAt !== null && rotation !== null,
  );
  const { key: third } = await admin('claim', { keyId });
  await postCall(APIS[0].url, bearer(second));
  await postCall(APIS[1].url, bearer(third));

  const texts = await everything();
  expect(texts.get('table')).toContain(keyId);
  expect([...texts.keys()].filter((name) => name.startsWith('log ')).length).toBeGreaterThan(3);
  expect([...texts.values()].join('\n')).toContain('"outcome":"allowed"');
  expectNowhere(texts, [first, second, third]);
});
