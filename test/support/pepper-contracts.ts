/** What the pepper secret, its record and a walk over all keys must do, whatever they are made of. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditEvent, CHAIN_START, chainEvent } from '../../lambdas/core/domain/audit-event.ts';
import { PEPPER_CHAIN } from '../../lambdas/core/domain/pepper-events.ts';
import { withCurrent, withPepper } from '../../lambdas/core/domain/pepper-rotation.ts';
import type { KeyStore } from '../../lambdas/core/ports/key-store.ts';
import type { KeyWalk, PepperRecord, PepperSecret } from '../../lambdas/core/ports/pepper-rotation.ts';
import { freshIds } from './fresh-ids.ts';
import { START_MS } from './manual-clock.ts';
import { sampleChange, sampleKey } from './sample-records.ts';

const OTHER = Buffer.from('another-pepper-'.repeat(3));

export function pepperSecretContract(name: string, makeSecret: () => Promise<PepperSecret>): void {
  describe(`${name} keeps the contract of the pepper secret`, () => {
    let secret: PepperSecret;
    beforeAll(async () => {
      secret = await makeSecret();
    });

    it('gives back what was written, under another revision', async () => {
      const { set, revision } = await secret.read();
      const changed = withCurrent(withPepper(set, 'written', OTHER), 'written');

      const written = await secret.replace(revision, changed);

      expect(written).not.toBe(revision);
      expect(await secret.read()).toEqual({ set: changed, revision: written });
    });

    it('lets one of many writes from one revision hold', async () => {
      const { set, revision } = await secret.read();
      const names = ['a', 'b', 'c', 'd', 'e'];

      const written = await Promise.all(
        names.map((each) => secret.replace(revision, withPepper(set, each, OTHER))),
      );

      const winners = names.filter((_, index) => written[index] !== undefined);
      expect(winners).toHaveLength(1);
      const after = await secret.read();
      expect(written).toContain(after.revision);
      expect([...after.set.secrets.keys()]).toEqual([...set.secrets.keys(), ...winners]);
    });

    it('lets no write hold that was made from a revision before', async () => {
      const { set, revision } = await secret.read();
      const second = await secret.replace(revision, withPepper(set, 'second', OTHER));

      expect(await secret.replace(revision, set)).toBeUndefined();
      expect((await secret.read()).revision).toBe(second);
    });
  });
}

export function pepperRecordContract(name: string, makeRecord: () => Promise<PepperRecord>): void {
  describe(`${name} keeps the contract of the pepper's record`, () => {
    let record: PepperRecord;
    beforeAll(async () => {
      record = await makeRecord();
    });

    const eventAfter = (head: AuditEvent | undefined, pepperVersion: string): AuditEvent =>
      chainEvent(PEPPER_CHAIN, head ?? CHAIN_START, {
        action: 'pepper.adding',
        actor: { principal: 'a test', via: 'vitest' },
        atMs: START_MS,
        detail: { pepperVersions: [pepperVersion] },
      });

    it('begins empty, and gives back events in their order', async () => {
      expect(await record.events()).toEqual([]);
      expect(await record.lastCount()).toBeUndefined();
      const first = eventAfter(undefined, 'p-1');
      const second = eventAfter(first, 'p-2');

      expect(await record.append(first)).toBe('appended');
      expect(await record.append(second)).toBe('appended');

      expect(await record.events()).toEqual([first, second]);
    });

    it('lets one of two events of a sequence hold', async () => {
      const head = (await record.events()).at(-1);
      const events = ['p-3', 'p-4', 'p-5'].map((each) => eventAfter(head, each));

      const appended = await Promise.all(events.map((event) => record.append(event)));

      expect([...appended].sort()).toEqual(['appended', 'stale', 'stale']);
      expect((await record.events()).at(-1)).toEqual(events[appended.indexOf('appended')]);
    });

    it('keeps the last count, and no event is lost to it', async () => {
      const { length } = await record.events();
      await record.saveCount({ countedAtMs: START_MS, needs: { '1': 3 } });
      await record.saveCount({ countedAtMs: START_MS + 1, needs: { '2': 1 } });

      expect(await record.lastCount()).toEqual({ countedAtMs: START_MS + 1, needs: { '2': 1 } });
      expect(await record.events()).toHaveLength(length);
    });
  });
}

export interface WalkParts {
  readonly store: KeyStore;
  readonly walk: KeyWalk;
}

export function keyWalkContract(name: string, makeParts: () => Promise<WalkParts>): void {
  describe(`${name} keeps the contract of a walk over all keys`, () => {
    const freshId = freshIds('Walking0');
    let parts: WalkParts;
    let ids: string[];
    beforeAll(async () => {
      parts = await makeParts();
      ids = Array.from({ length: 130 }, freshId);
      const owners = ['one@example.com', 'two@example.com', 'three@example.com'];
      for (const [index, keyId] of ids.entries()) {
        const status = index % 7 === 0 ? 'disabled' : index % 11 === 0 ? 'revoked' : 'enabled';
        const owner = owners[index % owners.length] as string;
        const { record, event } = sampleKey(keyId, { owner, status, createdAtMs: START_MS - index });
        await parts.store.insert(record, event);
      }
    });

    async function walked(after?: string, pages = Number.POSITIVE_INFINITY) {
      const found: string[] = [];
      let next: string | undefined;
      for await (const page of parts.walk.from(after)) {
        found.push(...page.records.map(({ keyId }) => keyId));
        next = page.next;
        pages -= 1;
        if (pages <= 0) break;
      }
      return { found, next };
    }

    it('meets every key once, whoever owns it and whether or not it is accepted', async () => {
      const { found, next } = await walked();

      expect(found.sort()).toEqual([...ids].sort());
      expect(next).toBeUndefined();
    });

    it('goes on where it was left, with nothing but an id to go on from', async () => {
      const first = await walked(undefined, 1);
      expect(first.next).toBeDefined();
      const rest = await walked(first.next);

      expect([...first.found, ...rest.found].sort()).toEqual([...ids].sort());
    });

    it('meets a key once however it changes meanwhile, and as it stands then', async () => {
      const first = await walked(undefined, 1);
      const moved: string[] = [];
      for (const keyId of ids) {
        const record = await parts.store.find(keyId);
        if (record?.status !== 'disabled') continue;
        const dueAtMs = START_MS - 86_400_000;
        await parts.store.save(sampleChange(record, { status: 'enabled', dueAtMs }));
        moved.push(keyId);
      }
      const rest = await walked(first.next);

      expect([...first.found, ...rest.found].sort()).toEqual([...ids].sort());
      for await (const { records } of parts.walk.from(undefined)) {
        for (const { keyId, status } of records) if (moved.includes(keyId)) expect(status).toBe('enabled');
      }
    });
  });
}
