/** How events of its mail move a notice, and how they do not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NoticeState, NoticeStatus } from '../../../lambdas/core/domain/notice.ts';
import { afterMailEvent, type NoticeEvent } from '../../../lambdas/core/domain/notice-fate.ts';

const AT_MS = Date.parse('2026-11-23T12:00:00Z');
const SENDING: NoticeState = { status: 'sending', attempts: 1, dueAtMs: AT_MS + 600_000 };
const SENT: NoticeState = { status: 'sent', attempts: 1, sentAtMs: AT_MS, receipt: 'm-1' };
const event = (fate: NoticeEvent['fate'], changes: Partial<NoticeEvent> = {}): NoticeEvent => ({
  fate,
  attempt: 1,
  receipt: 'm-1',
  atMs: AT_MS + 1000,
  ...(['sent', 'delivered'].includes(fate) ? {} : { why: `It ${fate}.` }),
  ...changes,
});

describe('a notice whose sender died', () => {
  it('is sent once the service says that it has the mail, and is not due any more', () => {
    expect(afterMailEvent(SENDING, event('sent'))).toEqual({
      status: 'sent',
      attempts: 1,
      sentAtMs: AT_MS + 1000,
      receipt: 'm-1',
    });
  });

  it.each<[string, NoticeState]>([
    [
      'waits for another try',
      { status: 'waiting', attempts: 2, dueAtMs: AT_MS, why: 'The answer was lost.' },
    ],
    ['was given up', { status: 'parked', attempts: 2, settledAtMs: AT_MS, why: 'The answer was lost.' }],
  ])('is so too where it %s, by any try of it', (_what, state) => {
    for (const attempt of [1, 2]) {
      const next = afterMailEvent(state, event('sent', { attempt, receipt: `m-${attempt}` }));
      expect(next).toEqual({ status: 'sent', attempts: 2, sentAtMs: AT_MS + 1000, receipt: `m-${attempt}` });
    }
  });

  it('is left to another sender that is at it', () => {
    expect(afterMailEvent({ ...SENDING, attempts: 2 }, event('sent', { attempt: 1 }))).toBeUndefined();
  });

  it.each(['bounced', 'complained', 'rejected', 'delayed', 'returned'] as const)(
    'is known to be out by whatever else is told: %s',
    (fate) => {
      const next = afterMailEvent(SENDING, event(fate));
      expect(next).toMatchObject({ sentAtMs: AT_MS + 1000, receipt: 'm-1', why: `It ${fate}.` });
      expect(next).not.toHaveProperty('dueAtMs');
    },
  );
});

it('that an operator dismissed stays so, whatever is told of it later', () => {
  const dismissed: NoticeState = { status: 'dismissed', attempts: 1, settledAtMs: AT_MS, why: 'Refused.' };
  for (const fate of ['sent', 'delivered', 'bounced', 'complained', 'rejected', 'delayed'] as const)
    expect(afterMailEvent(dismissed, event(fate))).toBeUndefined();
});

it.each<[NoticeEvent['fate'], NoticeStatus]>([
  ['bounced', 'bounced'],
  ['complained', 'complained'],
  ['rejected', 'parked'],
  ['returned', 'bounced'],
  ['delayed', 'sent'],
])('a sent notice that is %s is %s, with why', (fate, status) => {
  expect(afterMailEvent(SENT, event(fate))).toMatchObject({ status, receipt: 'm-1', why: `It ${fate}.` });
});

it('says that it arrived, and forgets what put it off', () => {
  const delayed = afterMailEvent(SENT, event('delayed')) as NoticeState;
  const arrived = afterMailEvent(delayed, event('delivered')) as NoticeState;
  expect(arrived).toEqual({ ...SENT, deliveredAtMs: AT_MS + 1000 });
  expect(afterMailEvent(arrived, event('delayed'))).toBeUndefined();
  expect(afterMailEvent(arrived, event('bounced'))).toMatchObject({ status: 'bounced' });
  expect(afterMailEvent(arrived, event('returned'))).toMatchObject({ status: 'bounced' });
});

describe('nothing moves for an event', () => {
  it.each<[string, NoticeState, NoticeEvent]>([
    ['of a notice that was never tried', { status: 'waiting', attempts: 0 }, event('sent')],
    ['of one that was withheld', { status: 'withheld', attempts: 1 }, event('sent')],
    ['of one that was withheld, and yet came back', { status: 'withheld', attempts: 1 }, event('bounced')],
    ['of another mail', SENT, event('bounced', { receipt: 'm-0' })],
    [
      'of a mail before an operator had it sent again',
      { status: 'waiting', attempts: 1, formerAttempts: 1, dueAtMs: AT_MS },
      event('bounced'),
    ],
    ['that says what is known', SENT, event('sent')],
    ['of a try to come', SENDING, event('sent', { attempt: 2 })],
  ])('%s', (_what, state, told) => {
    expect(afterMailEvent(state, told)).toBeUndefined();
  });
});

describe('in whatever order events come, how often', () => {
  const fates = fc.constantFrom<NoticeEvent['fate'][]>(
    'sent',
    'delivered',
    'delayed',
    'returned',
    'bounced',
    'complained',
  );
  const play = (start: NoticeState, told: readonly NoticeEvent['fate'][]): NoticeState =>
    told.reduce((state, fate) => afterMailEvent(state, event(fate)) ?? state, start);

  it('one that came back never counts as sent again, and stays what it first came to be', () => {
    fc.assert(
      fc.property(fc.constantFrom(SENDING, SENT), fc.array(fates, { maxLength: 12 }), (start, told) => {
        const end = told.find((fate) => ['returned', 'bounced', 'complained'].includes(fate));
        const expected =
          (end === 'returned' ? 'bounced' : end) ?? (told.length > 0 || start === SENT ? 'sent' : 'sending');
        expect(play(start, told).status).toBe(expected);
      }),
    );
  });

  it('an event that is told twice says nothing the second time', () => {
    fc.assert(
      fc.property(fc.array(fates, { maxLength: 8 }), fates, (told, fate) => {
        const once = play(SENDING, [...told, fate]);
        expect(afterMailEvent(once, event(fate))).toBeUndefined();
      }),
    );
  });

  it('the end does not hang on the order of arrival and delay', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['sent', 'delivered', 'delayed'] as const, { minLength: 3 }),
        (told) => {
          expect(play(SENDING, told)).toMatchObject({ status: 'sent', deliveredAtMs: AT_MS + 1000 });
          expect(play(SENDING, told)).not.toHaveProperty('why');
        },
      ),
    );
  });
});
