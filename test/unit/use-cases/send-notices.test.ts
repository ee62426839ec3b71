import { beforeEach, describe, expect, it } from 'vitest';
import type { NoticeRef } from '../../../lambdas/core/ports/notices.ts';
import {
  type SendManyDeps,
  sendDueNotices,
  sendNotices,
} from '../../../lambdas/core/use-cases/send-notices.ts';
import { FakeSes } from '../../support/fake-ses.ts';
import { ManualClock, START_MS } from '../../support/manual-clock.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { sampleNotice } from '../../support/sample-records.ts';

const MINUTE_MS = 60_000;

let clock: ManualClock;
let outbox: MemoryOutbox;
let ses: FakeSes;
let deps: SendManyDeps & { readonly outbox: MemoryOutbox };
let pauses: number;
const failures: NoticeRef[] = [];

beforeEach(() => {
  clock = new ManualClock();
  outbox = new MemoryOutbox(new MemoryTable());
  ses = new FakeSes();
  pauses = 0;
  failures.length = 0;
  deps = {
    outbox,
    senders: { mail: ses },
    clock: clock.read,
    random: () => 0,
    sleep: async (milliseconds) => {
      pauses += 1;
      clock.advanceSeconds(milliseconds / 1000);
    },
    onFailure: (ref) => failures.push(ref),
  };
});

async function waiting(count: number): Promise<readonly NoticeRef[]> {
  const notices = Array.from({ length: count }, (_, at) => sampleNotice(`Key${String(at).padStart(9, '0')}`));
  for (const notice of notices) await outbox.put(notice);
  return notices;
}

describe('sending many notices', () => {
  it('sends all that are due, however many, and none twice where the index lags', async () => {
    await waiting(450);
    const report = await sendDueNotices(deps, START_MS + MINUTE_MS);
    expect(report).toMatchObject({ sent: 450, later: 0, left: 0, failed: [] });
    expect(ses.taken).toHaveLength(450);
    const lagging = {
      ...deps,
      outbox: { ...plain(), due: async () => refsOf(ses) },
    };
    expect(await sendDueNotices(lagging, START_MS + MINUTE_MS)).toMatchObject({ sent: 0, left: 0 });
    expect(ses.taken).toHaveLength(450);
  });

  it('slows down where the service takes no more, and leaves the rest for the next minute', async () => {
    const refs = await waiting(100);
    ses.mood = () => 'throttles';
    const report = await sendNotices(deps, refs, START_MS + MINUTE_MS);
    // Waves of eight, four and two, each followed by a pause.
    expect(report).toMatchObject({ sent: 0, later: 14, left: 86 });
    expect(pauses).toBe(3);
    ses.mood = () => 'takes';
    expect(await sendDueNotices(deps, clock.nowMs + MINUTE_MS)).toMatchObject({ sent: 86, left: 0 });
  });

  it('goes on where it was throttled for a moment', async () => {
    const refs = await waiting(40);
    let tries = 0;
    ses.mood = () => (tries++ === 3 ? 'throttles' : 'takes');
    expect(await sendNotices(deps, refs, START_MS + MINUTE_MS)).toMatchObject({
      sent: 39,
      later: 1,
      left: 0,
    });
  });

  it('begins nothing after its time', async () => {
    const refs = await waiting(20);
    expect(await sendNotices(deps, refs, START_MS)).toMatchObject({ sent: 0, left: 20 });
    expect(ses.taken).toEqual([]);
  });

  it('says which the table failed with, and sends the others', async () => {
    const refs = await waiting(20);
    const failing = {
      ...deps,
      outbox: {
        ...plain(),
        find: async (ref: NoticeRef) => {
          if (ref === refs[7]) throw new Error('no table');
          return outbox.find(ref);
        },
      },
    };
    const report = await sendNotices(failing, refs, START_MS + MINUTE_MS);
    expect(report).toMatchObject({ sent: 19, failed: [refs[7]] });
    expect(failures).toEqual([refs[7]]);
  });
});

/** What a part of it may be replaced of. */
const plain = (): Pick<MemoryOutbox, 'find' | 'move'> => ({
  find: (ref) => outbox.find(ref),
  move: (stored, next) => outbox.move(stored, next),
});

const refsOf = ({ taken }: FakeSes): readonly NoticeRef[] =>
  taken.map(({ name }) => {
    const [partition = '', ...rest] = name.split('/');
    return { partition, noticeId: rest.join('/') };
  });
