import { beforeEach, describe, expect, it } from 'vitest';
import type { MailNotice, NoticeState, StoredNotice } from '../../../lambdas/core/domain/notice.ts';
import { sentAgain } from '../../../lambdas/core/domain/notice-steps.ts';
import { type SendDeps, sendNotice } from '../../../lambdas/core/use-cases/send-notice.ts';
import { HOUR_MS, MINUTE_MS } from '../../../rules/time-units.ts';
import { FakeSes } from '../../support/fake-ses.ts';
import { ManualClock, START_MS } from '../../support/manual-clock.ts';
import { MemoryOutbox } from '../../support/memory-outbox.ts';
import { MemoryTable } from '../../support/memory-table.ts';
import { sampleNotice } from '../../support/sample-records.ts';

let clock: ManualClock;
let table: MemoryTable;
let outbox: MemoryOutbox;
let ses: FakeSes;
let deps: SendDeps;
let notice: MailNotice;
const thrown: unknown[] = [];

beforeEach(async () => {
  clock = new ManualClock();
  table = new MemoryTable();
  outbox = new MemoryOutbox(table);
  ses = new FakeSes();
  thrown.length = 0;
  deps = {
    outbox,
    senders: { mail: ses },
    clock: clock.read,
    random: () => 0,
    onFailure: (_ref, error) => thrown.push(error),
  };
  notice = sampleNotice('Ab3dEf7hIj9L');
  await outbox.put(notice);
});

const stateNow = async (): Promise<NoticeState> => ((await outbox.find(notice)) as StoredNotice).state;
const send = () => sendNotice(deps, notice);

describe('sending a notice', () => {
  it('sends it once, and says when and what took it', async () => {
    expect(await send()).toEqual({ result: 'sent' });
    expect(await send()).toEqual({ result: 'nothing' });
    expect(ses.taken).toEqual([
      { name: `KEY#Ab3dEf7hIj9L/${notice.noticeId}`, attempt: 1, receipt: 'mail-1' },
    ]);
    expect(await stateNow()).toEqual({ status: 'sent', attempts: 1, sentAtMs: START_MS, receipt: 'mail-1' });
  });

  it('is claimed before it is sent: of many senders at once one sends', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, send));
    expect(results.filter(({ result }) => result === 'sent')).toHaveLength(1);
    expect(ses.taken).toHaveLength(1);
  });

  it('does nothing for one that is not there', async () => {
    expect(await sendNotice(deps, { partition: 'KEY#x', noticeId: 'y' })).toEqual({ result: 'nothing' });
  });

  it('tries again what was not taken, each time later: for a day, then it is parked with why', async () => {
    ses.mood = () => 'down';
    const pauses: number[] = [];
    for (;;) {
      const { result } = await send();
      const state = await stateNow();
      if (result === 'parked') break;
      expect(result).toBe('later');
      expect(state).toMatchObject({ status: 'waiting', why: 'Out of reach.' });
      const dueAtMs = state.dueAtMs as number;
      pauses.push((dueAtMs - clock.nowMs) / MINUTE_MS);
      clock.nowMs = dueAtMs - 1;
      expect(await send(), 'not before its time').toEqual({ result: 'nothing' });
      clock.nowMs = dueAtMs;
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240, 240]);
    expect(clock.nowMs - START_MS).toBeGreaterThan(24 * HOUR_MS);
    expect(await stateNow()).toEqual({
      status: 'parked',
      attempts: 14,
      settledAtMs: clock.nowMs,
      why: 'Out of reach.',
    });
    expect(ses.givenUp).toHaveLength(1);
    clock.advanceSeconds(7 * 86_400);
    expect(await send(), 'parked is parked').toEqual({ result: 'nothing' });
  });

  it('spreads by chance what failed together, and waits as long as it is told to', async () => {
    deps = { ...deps, random: () => 0.5 };
    ses.mood = () => 'down';
    await send();
    expect((await stateNow()).dueAtMs).toBe(START_MS + 67_500);
    deps = { ...deps, senders: { mail: outcomeOf({ outcome: 'later', why: 'Quota.', afterMs: HOUR_MS }) } };
    clock.nowMs = START_MS + 67_500;
    expect(await send()).toEqual({ result: 'later' });
    expect((await stateNow()).dueAtMs).toBe(clock.nowMs + HOUR_MS);
  });

  it('says that there were too many at once', async () => {
    ses.mood = () => 'throttles';
    expect(await send()).toEqual({ result: 'later', throttled: true });
  });

  it('parks at once what is refused until somebody changes something; mended and sent again it goes', async () => {
    ses.mood = () => 'refuses';
    expect(await send()).toEqual({ result: 'parked' });
    const parked = (await outbox.find(notice)) as StoredNotice;
    expect(parked.state).toEqual({
      status: 'parked',
      attempts: 1,
      settledAtMs: START_MS,
      why: 'The sender is not verified.',
    });
    ses.mood = () => 'takes';
    await outbox.move(parked, sentAgain(parked.state, clock.nowMs));
    expect(await send()).toEqual({ result: 'sent' });
    expect(ses.taken.map(({ attempt }) => attempt)).toEqual([2]);
    expect(await stateNow()).toMatchObject({ status: 'sent', attempts: 2, formerAttempts: 1 });
  });

  it('has its whole day again when it is sent again', async () => {
    const parked: NoticeState = { status: 'parked', attempts: 14, settledAtMs: START_MS, why: 'x' };
    await outbox.move((await outbox.find(notice)) as StoredNotice, parked);
    await outbox.move({ notice, state: parked }, sentAgain(parked, clock.nowMs));
    ses.mood = () => 'down';
    expect(await send()).toEqual({ result: 'later' });
    expect((await stateNow()).dueAtMs).toBe(clock.nowMs + MINUTE_MS);
  });

  it('keeps on record that it is not to be sent to this recipient', async () => {
    deps = { ...deps, senders: { mail: outcomeOf({ outcome: 'withheld', why: 'They want none.' }) } };
    expect(await send()).toEqual({ result: 'withheld' });
    expect(await stateNow()).toEqual({
      status: 'withheld',
      attempts: 1,
      settledAtMs: START_MS,
      why: 'They want none.',
    });
  });

  it('parks what nobody sends any more, and says the mend', async () => {
    deps = { ...deps, senders: {} };
    expect(await send()).toEqual({ result: 'parked' });
    expect((await stateNow()).why).toMatch(/notifications\.from/);
    expect((await stateNow()).attempts).toBe(0);
  });
});

describe('a sender that dies', () => {
  /** Killed between the claim and the settling: nothing of it is written any more. */
  async function killedWhile(mood: 'killed' | 'dies'): Promise<void> {
    ses.mood = () => mood;
    let isDead = false;
    const dying: SendDeps = {
      ...deps,
      outbox: {
        find: (ref) => outbox.find(ref),
        move: async (stored, next) => {
          if (isDead) throw new Error('dead');
          return outbox.move(stored, next);
        },
      },
      onFailure: () => {
        isDead = true;
      },
    };
    await expect(sendNotice(dying, notice)).rejects.toThrow('dead');
    ses.mood = () => 'takes';
  }

  it('leaves it to nobody before the lease is over and the service had its time to say that it took it', async () => {
    await killedWhile('dies');
    expect(await stateNow()).toEqual({
      status: 'sending',
      attempts: 1,
      dueAtMs: START_MS + 7 * MINUTE_MS,
    });
    clock.nowMs = START_MS + 7 * MINUTE_MS - 1;
    expect(await send()).toEqual({ result: 'nothing' });
    clock.nowMs += 1;
    expect(await send()).toEqual({ result: 'sent' });
    expect(ses.taken.map(({ attempt }) => attempt)).toEqual([2]);
  });

  it.each([
    ['issued', 62],
    ['extended', 62],
    ['retired', 62],
    ['reminder', 7],
    ['rolled-back', 7],
    ['emergency', 7],
  ] as const)(
    'has the service say so for longer where nobody waits for it: %s, %i minutes',
    async (kind, minutes) => {
      notice = sampleNotice('Ab3dEf7hIj9L', { kind });
      await outbox.put(notice);
      await killedWhile('dies');
      clock.nowMs = START_MS + minutes * MINUTE_MS - 1;
      expect(await send()).toEqual({ result: 'nothing' });
      clock.nowMs += 1;
      expect(await send()).toEqual({ result: 'sent' });
    },
  );

  it('has sent it if the service says so: it is settled by that, and never sent again', async () => {
    await killedWhile('killed');
    const stored = (await outbox.find(notice)) as StoredNotice;
    const { receipt } = ses.taken[0] as { receipt: string };
    await outbox.move(stored, { status: 'sent', attempts: 1, sentAtMs: START_MS + 1, receipt });
    clock.advanceSeconds(86_400);
    expect(await send()).toEqual({ result: 'nothing' });
    expect(ses.taken).toHaveLength(1);
  });

  it('uses up the last try: it is parked, and it is said that it may be out', async () => {
    const first = (await outbox.find(notice)) as StoredNotice;
    await outbox.move(first, { status: 'sending', attempts: 14, dueAtMs: START_MS });
    expect(await send()).toEqual({ result: 'parked' });
    expect(ses.taken).toEqual([]);
    expect(ses.givenUp).toHaveLength(1);
    expect((await stateNow()).why).toMatch(/may be out/);
  });

  it('by throwing leaves in doubt what became of it, for as long as the service may take to say it', async () => {
    ses.mood = () => 'dies';
    expect(await send()).toEqual({ result: 'later' });
    expect(thrown).toHaveLength(1);
    expect(await stateNow()).toMatchObject({ status: 'waiting', dueAtMs: START_MS + 5 * MINUTE_MS });
  });

  it('finds its claim settled by the service, and leaves it as it is', async () => {
    const settling: SendDeps = {
      ...deps,
      senders: {
        mail: {
          send: async (sent, attempt) => {
            const outcome = await ses.send(sent, attempt);
            const claim = (await outbox.find(notice)) as StoredNotice;
            await outbox.move(claim, {
              status: 'bounced',
              attempts: 1,
              settledAtMs: START_MS,
              why: 'No mailbox.',
            });
            return outcome;
          },
        },
      },
    };
    expect(await sendNotice(settling, notice)).toEqual({ result: 'sent' });
    expect(await stateNow()).toMatchObject({ status: 'bounced' });
  });
});

const outcomeOf = (outcome: Awaited<ReturnType<FakeSes['send']>>) => ({ send: async () => outcome });
