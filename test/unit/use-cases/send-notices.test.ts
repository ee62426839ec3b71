import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertNotice, WebhookNotice } from '../../../lambdas/core/domain/notice.ts';
import type { DueListing, NoticeRef, NoticeSender } from '../../../lambdas/core/ports/notices.ts';
import type { SendManyDeps } from '../../../lambdas/core/use-cases/send-lane.ts';
import {
  sendDueNotices,
  sendNotices,
  sendShownNotices,
} from '../../../lambdas/core/use-cases/send-notices.ts';
import { MINUTE_MS } from '../../../rules/time-units.ts';
import { FakeSes } from '../../support/fake-ses.ts';
import { ManualClock, START_MS } from '../../support/manual-clock.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { sampleNotice } from '../../support/sample-records.ts';

let clock: ManualClock;
let outbox: MemoryOutbox;
let ses: FakeSes;
let deps: SendManyDeps & { readonly outbox: Pick<MemoryOutbox, 'find' | 'move' | 'due'> };
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
    restUntilMs: new Map(),
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
      outbox: {
        ...plain(),
        due: async ({ channel }: DueListing) => ({ refs: channel === 'mail' ? refsOf(ses) : [] }),
      },
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

  it.each(['emergency', 'received-elsewhere'] as const)(
    'sends what is urgent first, however much has waited for longer: %s',
    async (kind) => {
      await waiting(1_000);
      const urgent = sampleNotice('KeyUrgent001', { kind, madeAtMs: START_MS + 1_000 });
      await outbox.put(urgent);
      clock.advanceSeconds(2);
      let tries = 0;
      ses.mood = () => (tries++ < 8 ? 'takes' : 'throttles');
      await sendDueNotices(deps, clock.nowMs + MINUTE_MS);
      expect((await outbox.find(urgent))?.state.status).toBe('sent');
    },
  );

  it('stops where it is throttled three times on end, not where each time is for a moment', async () => {
    const refs = await waiting(120);
    let tries = 0;
    ses.mood = () => (tries++ % 20 === 3 ? 'throttles' : 'takes');
    expect(await sendNotices(deps, refs, START_MS + MINUTE_MS)).toMatchObject({ later: 6, left: 0 });
    expect(pauses).toBeGreaterThan(3);
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

/** As an alert and as calls of a webhook, due a second after the mails. */
const later = { madeAtMs: START_MS + 1_000, facts: {} };
const anAlert = (sequence: number): AlertNotice => ({
  ...later,
  channel: 'alert',
  noticeId: `${sequence}#emergency-begun#security`,
  partition: 'ALERT#key/Key000000001',
  kind: 'emergency-begun',
  recipient: 'security',
});
const aCall = (sequence: number, recipient: string): WebhookNotice => ({
  ...later,
  channel: 'webhook',
  noticeId: `key/Key000000001/${sequence}#key.issued#${recipient}`,
  partition: `WEBHOOK#${recipient}`,
  kind: 'key.issued',
  recipient,
});

describe('receivers that take nothing', () => {
  const told: string[] = [];
  const calls: string[] = [];
  const alerts: NoticeSender<AlertNotice> = {
    send: async ({ noticeId }) => {
      told.push(noticeId);
      return { outcome: 'sent' };
    },
  };
  /** Down, and slow to say so: each wave of its calls takes fifteen seconds. */
  const webhooks: NoticeSender<WebhookNotice> = {
    send: async ({ recipient }) => {
      calls.push(recipient);
      if (recipient !== DOWN) return { outcome: 'sent' };
      clock.nowMs = Math.max(clock.nowMs, slowUntilMs);
      return { outcome: 'later', why: 'It did not answer within 15 s.' };
    },
  };
  const [DOWN, UP] = ['wh_down00000000', 'wh_up0000000000'];
  let slowUntilMs: number;
  beforeEach(() => {
    told.length = 0;
    calls.length = 0;
    clock.nowMs = START_MS + 2_000;
    slowUntilMs = clock.nowMs + 15_000;
    deps = { ...deps, senders: { mail: ses, alert: alerts, webhook: webhooks } };
  });
  const endsAtMs = START_MS + MINUTE_MS;

  it('are no reason to keep security waiting: a thousand throttled mails hold up no alert', async () => {
    await waiting(1_000);
    await outbox.put(anAlert(1));
    ses.mood = () => 'throttles';
    const report = await sendDueNotices(deps, endsAtMs);
    expect(told).toEqual(['1#emergency-begun#security']);
    expect(report).toMatchObject({ sent: 1, later: 14 });
  });

  it('hold up no alert that the stream shows with them', async () => {
    const mails = await waiting(99);
    await outbox.put(anAlert(1));
    ses.mood = () => 'throttles';
    await sendNotices(deps, [...mails, anAlert(1)], endsAtMs);
    expect(told).toEqual(['1#emergency-begun#security']);
  });

  it('hold up no other webhook: one that is down is asked once in a run, whatever waits for it', async () => {
    for (let at = 1; at <= 500; at += 1) await outbox.put(aCall(at, DOWN));
    for (let at = 501; at <= 520; at += 1) await outbox.put({ ...aCall(at, UP), madeAtMs: START_MS + 1_500 });
    const report = await sendDueNotices(deps, endsAtMs);
    expect(calls.filter((id) => id === UP)).toHaveLength(20);
    expect(calls.filter((id) => id === DOWN)).toHaveLength(8);
    expect(report).toMatchObject({ sent: 20, later: 8, left: 492 });
  });

  it('hide no other webhook behind what waits for them, however much: each look at the index has its end', async () => {
    for (let at = 1; at <= 2_500; at += 1) await outbox.put(aCall(at, DOWN));
    await outbox.put({ ...aCall(2_501, UP), madeAtMs: START_MS + 1_500 });
    let looks = 0;
    const due = (listing: DueListing) => {
      looks += listing.channel === 'webhook' ? 1 : 0;
      return outbox.due({ ...listing, limit: Math.min(listing.limit, 500) });
    };
    await sendDueNotices({ ...deps, outbox: { ...plain(), due } }, endsAtMs);
    expect(calls.filter((id) => id === UP)).toHaveLength(1);
    // Each place of the index is read once.
    expect(looks).toBe(6);
  });

  it('are no reason to keep security waiting where the index of what waits for them cannot be read', async () => {
    await outbox.put(anAlert(1));
    await outbox.put(anAlert(2));
    const trouble = new Error('slow down');
    const due = (listing: DueListing) =>
      listing.channel === 'webhook' ? Promise.reject(trouble) : outbox.due(listing);
    await expect(sendDueNotices({ ...deps, outbox: { ...plain(), due } }, endsAtMs)).rejects.toBe(trouble);
    expect(told).toEqual(['1#emergency-begun#security', '2#emergency-begun#security']);
  });

  it('hold up what the stream shows once: then they are left for the look of a minute, and asked there', async () => {
    const shown = (from: number) => [aCall(from, DOWN), aCall(from + 1, UP), anAlert(from)];
    for (const from of [1, 11, 21]) for (const notice of shown(from)) await outbox.put(notice);
    /** Takes its time while the others are at it, and is the last to end. */
    const last: NoticeSender<WebhookNotice> = {
      send: async (notice, attempt) => {
        if (notice.recipient === DOWN) await new Promise(setImmediate);
        return webhooks.send(notice, attempt);
      },
    };
    deps = { ...deps, senders: { ...deps.senders, webhook: last } };
    await sendShownNotices(deps, shown(1), endsAtMs);
    expect(await sendShownNotices(deps, shown(11), endsAtMs)).toMatchObject({ sent: 2, later: 0, left: 1 });
    expect(calls).toEqual([UP, DOWN, UP]);
    expect(told).toHaveLength(2);

    // What was left, and what the stream has not shown.
    expect(await sendDueNotices(deps, endsAtMs)).toMatchObject({ sent: 2, later: 2 });
    expect(calls.filter((id) => id === DOWN)).toHaveLength(3);
    clock.nowMs += MINUTE_MS;
    await outbox.put(aCall(31, DOWN));
    await sendShownNotices(deps, [aCall(31, DOWN)], clock.nowMs + MINUTE_MS);
    expect(calls.filter((id) => id === DOWN)).toHaveLength(4);
  });

  it('never leave alerts for the look of a minute, however long they take', async () => {
    const alert: NoticeSender<AlertNotice> = {
      send: async () => {
        clock.nowMs += 10_000;
        return { outcome: 'later', why: 'SNS did not answer.' };
      },
    };
    for (const at of [1, 2]) await outbox.put(anAlert(at));
    const own = { ...deps, senders: { alert } };
    for (const at of [1, 2])
      expect(await sendShownNotices(own, [anAlert(at)], endsAtMs)).toMatchObject({ later: 1, left: 0 });
  });

  it('and receivers that take all, slowly, hold up what the stream shows for a quarter of a minute', async () => {
    const slow: NoticeSender<WebhookNotice> = {
      send: async () => {
        clock.nowMs += 500;
        return { outcome: 'sent' };
      },
    };
    const refs = Array.from({ length: 100 }, (_, at) => aCall(at, UP));
    for (const ref of refs) await outbox.put(ref);
    const begunAtMs = clock.nowMs;
    const { sent, left } = await sendShownNotices({ ...deps, senders: { webhook: slow } }, refs, endsAtMs);
    expect(clock.nowMs - begunAtMs).toBeLessThan(20_000);
    expect(sent).toBeGreaterThan(20);
    expect(sent + left).toBe(100);
  });

  it('are asked further where they take some', async () => {
    for (let at = 1; at <= 30; at += 1) await outbox.put(aCall(at, UP));
    expect(await sendDueNotices(deps, endsAtMs)).toMatchObject({ sent: 30, left: 0 });
  });

  it('share what a run may have open: many webhooks have fewer calls each at once', async () => {
    let [open, most] = [0, 0];
    const counting: NoticeSender<WebhookNotice> = {
      send: async () => {
        most = Math.max(most, ++open);
        await new Promise(setImmediate);
        open -= 1;
        return { outcome: 'sent' };
      },
    };
    const refs = Array.from({ length: 320 }, (_, at) => aCall(at, `wh_${String(at % 32).padStart(12, '0')}`));
    for (const ref of refs) await outbox.put(ref);
    await sendNotices({ ...deps, senders: { webhook: counting } }, refs, endsAtMs);
    expect(most).toBeLessThanOrEqual(64);
    expect(most).toBeGreaterThan(8);
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
