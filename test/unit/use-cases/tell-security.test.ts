import { expect, it } from 'vitest';
import type { AlertNotice, Notice } from '../../../lambdas/core/domain/notice.ts';
import { SecurityTeller } from '../../../lambdas/core/use-cases/tell-security.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const SEAL = sampleEvent('security.seal-broken', { detail: { version: 2 } });
const CLAIM = sampleEvent('security.claim-disputed', { detail: { version: 3 } });
const ISSUED = sampleEvent('key.issued');

function outbox(failing: (notice: Notice) => boolean = () => false) {
  const items = new Map<string, Notice>();
  return {
    items,
    put: async (notice: Notice) => {
      if (failing(notice)) throw new Error('ThrottlingException');
      const place = `${notice.partition}/${notice.noticeId}`;
      if (items.has(place)) return 'exists' as const;
      items.set(place, notice);
      return 'put' as const;
    },
  };
}

it('puts one alert into the outbox, however often an event is told, and none of others', async () => {
  const box = outbox();
  const teller = new SecurityTeller(box);
  expect(await teller.tell([SEAL, ISSUED])).toEqual([]);
  expect(await teller.tell([SEAL, ISSUED, SEAL])).toEqual([]);
  expect([...box.items.values()].map((notice) => (notice as AlertNotice).kind)).toEqual(['seal-broken']);
});

it('names the events whose alert could not be put', async () => {
  const box = outbox(({ kind }) => kind === 'seal-broken');
  expect(await new SecurityTeller(box).tell([ISSUED, SEAL, CLAIM])).toEqual([SEAL]);
  expect(box.items.size).toBe(1);
});

it('says why where none could be put', async () => {
  const teller = new SecurityTeller(outbox(() => true));
  await expect(teller.tell([SEAL, CLAIM])).rejects.toThrow('ThrottlingException');
  expect(await teller.tell([ISSUED])).toEqual([]);
});
