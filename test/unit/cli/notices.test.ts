import { describe, expect, test } from 'vitest';
import type { NoticeView } from '../../../lambdas/functions/admin/notices-contract.ts';
import { keyturn } from './fake-world.ts';
import { KEY_ID, keyView } from './samples.ts';

const notice = (changes: Partial<NoticeView> = {}): NoticeView => ({
  noticeId: `KEY#${KEY_ID}/r-1#rotation-started#team@example.com`,
  keyId: KEY_ID,
  owner: 'team@example.com',
  rotationId: 'r-1',
  channel: 'mail',
  kind: 'rotation-started',
  recipient: 'team@example.com',
  status: 'sent',
  madeAt: '2026-11-23T12:00:00.000Z',
  attempts: 1,
  nextTryAt: null,
  sentAt: '2026-11-23T13:00:00.000Z',
  settledAt: null,
  receipt: 'mail-1',
  why: null,
  dismissedBy: null,
  dismissedFor: null,
  ...changes,
});

const PARKED = notice({
  kind: 'extended',
  noticeId: `KEY#${KEY_ID}/r-1#extended-1#team@example.com`,
  status: 'parked',
  attempts: 14,
  sentAt: null,
  settledAt: '2026-11-23T13:30:00.000Z',
  why: 'The sender keys@acme.dev is not verified in Amazon SES.',
});

const page = (...notices: NoticeView[]) => ({ notices, nextToken: null });

describe('notices', () => {
  test('sends what is asked for', async () => {
    const admin = { notices: () => page() };
    const args = ['notices', KEY_ID, '--parked', '--limit', '7', '--next-token', 't'];
    const { sent, exitCode } = await keyturn(args, { admin });
    const input = { keyId: KEY_ID, parked: true, limit: 7, nextToken: 't' };
    expect({ sent, exitCode }).toEqual({ sent: [{ action: 'notices', input }], exitCode: 0 });
    expect((await keyturn(['notices'], { admin })).sent[0]?.input).toEqual({ parked: false, limit: 50 });
  });

  test('of a key are a line each, and why somebody was not told with the mend', async () => {
    const { stdout } = await keyturn(['notices', KEY_ID], {
      admin: { notices: () => page(notice(), PARKED) },
    });
    expect(stdout).toBe(
      [
        'MADE                  WHAT              TO                BY    STATUS  TRIES  WHEN',
        '2026-11-23T12:00:00Z  rotation-started  team@example.com  mail  sent        1  1h ago',
        '2026-11-23T12:00:00Z  extended          team@example.com  mail  parked     14  30m ago',
        '',
        'parked: The sender keys@acme.dev is not verified in Amazon SES.',
        `  Mended, send it again: keyturn notices resend 'KEY#${KEY_ID}/r-1#extended-1#team@example.com'`,
        '',
        'What nobody can be told: keyturn notices dismiss <noticeId> --reason …',
        '',
      ].join('\n'),
    );
  });

  test('of one cause say it once, with the command for each and the one for all', async () => {
    const id = (step: string) => `KEY#${KEY_ID}/r-1#${step}#team@example.com`;
    const bounced = notice({ noticeId: id('retired'), status: 'bounced', why: 'User unknown.' });
    const listed = [PARKED, bounced, { ...PARKED, noticeId: id('reminder-1') }];
    const { stdout } = await keyturn(['notices', KEY_ID], { admin: { notices: () => page(...listed) } });
    expect(stdout.split('\n').slice(-9)).toEqual([
      'parked: The sender keys@acme.dev is not verified in Amazon SES.',
      '  Mended, send them again, or all that is parked by keyturn notices resend --parked:',
      `    keyturn notices resend '${id('extended-1')}'`,
      `    keyturn notices resend '${id('reminder-1')}'`,
      'bounced: User unknown.',
      `  Mended, send it again: keyturn notices resend '${id('retired')}'`,
      '',
      'What nobody can be told: keyturn notices dismiss <noticeId> --reason …',
      '',
    ]);
  });

  test('of all keys are those that are parked, each with its key', async () => {
    const { stdout } = await keyturn(['notices', '--parked'], { admin: { notices: () => page(PARKED) } });
    expect(stdout).toMatch(/KEY ID/);
    expect(stdout).toContain(KEY_ID);
    const none = await keyturn(['notices'], { admin: { notices: () => page() } });
    expect(none.stdout).toBe('Nothing is parked.\n');
    const ofKey = (...flags: string[]) =>
      keyturn(['notices', KEY_ID, ...flags], { admin: { notices: () => page() } });
    expect((await ofKey()).stdout).toBe(`No notice of key ${KEY_ID} is kept.\n`);
    expect((await ofKey('--parked')).stdout).toBe(`No notice of key ${KEY_ID} is parked.\n`);
  });

  test('of webhooks and alerts are named with their ids too, and one that came back without a word', async () => {
    const names = [
      'WEBHOOK#wh_Ab3dEf7hIj9L/key/Ab3dEf7hIj9L/7#key.issued#wh_Ab3dEf7hIj9L',
      "ALERT#owner/o'brien@example.com/7#owner#security",
    ];
    const listed = names.map((noticeId, at) =>
      notice({ noticeId, keyId: null, status: at === 0 ? 'parked' : 'bounced', why: null }),
    );
    const { stdout } = await keyturn(['notices'], { admin: { notices: () => page(...listed) } });
    expect(stdout).toContain(`keyturn notices resend '${names[0]}'\n`);
    expect(stdout).toContain(`keyturn notices resend 'ALERT#owner/o'\\''brien@example.com/7#owner#security'`);
  });

  test.each([
    ['2026-11-23T14:07:00.000Z', 'no word yet, again in 7m'],
    ['2026-11-23T13:59:00.000Z', 'no word yet, again now'],
  ])('that are on their way until %s say so', async (nextTryAt, text) => {
    const sending = notice({ status: 'sending', sentAt: null, receipt: null, nextTryAt });
    const { stdout } = await keyturn(['notices', KEY_ID], { admin: { notices: () => page(sending) } });
    expect(stdout).toMatch(new RegExp(`sending +1  ${text}\n`));
    const notices = { last: sending, sent: 0, waiting: 1, parked: 0, bounced: 0 };
    const shown = await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ notices }) } });
    expect(shown.stdout).toContain(`Told last: rotation-started to team@example.com, sending: ${text}`);
  });

  test('are JSON as they came', async () => {
    const { stdout } = await keyturn(['notices', '--json'], { admin: { notices: () => page(PARKED) } });
    expect(JSON.parse(stdout)).toEqual(page(PARKED));
  });
});

describe('notices resend', () => {
  test('has one sent again', async () => {
    const admin = { 'resend-notices': () => ({ resent: 1, more: false }) };
    const { sent, stdout } = await keyturn(['notices', 'resend', PARKED.noticeId], { admin });
    expect(sent).toEqual([{ action: 'resend-notices', input: { noticeId: PARKED.noticeId } }]);
    expect(stdout).toBe('1 notice will be sent within a minute.\n');
  });

  test('has all sent again that are parked, however many', async () => {
    const answers = [
      { resent: 100, more: true },
      { resent: 7, more: false },
    ];
    const admin = { 'resend-notices': () => answers.shift() as { resent: number; more: boolean } };
    const { sent, stdout } = await keyturn(['notices', 'resend', '--parked', '--json'], { admin });
    expect(sent.map(({ input }) => input)).toEqual([{ parked: true }, { parked: true }]);
    expect(JSON.parse(stdout)).toEqual({ resent: 107, more: false });
  });

  test('ends where others hold what is parked', async () => {
    const admin = { 'resend-notices': () => ({ resent: 0, more: true }) };
    const { sent } = await keyturn(['notices', 'resend', '--parked'], { admin });
    expect(sent).toHaveLength(1);
  });

  test.each([[[]], [['x', '--parked']], [[KEY_ID, 'x']]])('is refused with %j', async (args) => {
    const { exitCode, stderr, sent } = await keyturn(['notices', 'resend', ...args], {});
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(/which notice .* --parked|--parked are given|Too many arguments/s);
  });
});

describe('notices dismiss', () => {
  const REASON = ['--reason', 'They left'];

  test('tells nobody any more of one', async () => {
    const admin = { 'dismiss-notices': () => ({ dismissed: 1, left: [] }) };
    const { sent, stdout, questions } = await keyturn(['notices', 'dismiss', PARKED.noticeId, ...REASON], {
      admin,
    });
    const input = { noticeId: PARKED.noticeId, reason: 'They left' };
    expect({ sent, questions }).toEqual({ sent: [{ action: 'dismiss-notices', input }], questions: [] });
    expect(stdout).toBe('1 notice dismissed: nobody is told any more.\n');
  });

  const many = Array.from({ length: 60 }, (_, at) =>
    notice({ noticeId: `KEY#${KEY_ID}/${at}`, kind: at < 58 ? 'extended' : 'emergency', status: 'parked' }),
  );
  const parkedIn = (all: readonly NoticeView[], left: readonly string[] = []) => ({
    notices: ({ nextToken }: { readonly nextToken?: string }) =>
      nextToken === undefined
        ? { notices: all.slice(0, 55), nextToken: all.length > 55 ? 't' : null }
        : { notices: all.slice(55), nextToken: null },
    'dismiss-notices': ({ noticeIds = [] }: { readonly noticeIds?: readonly string[] }) => ({
      dismissed: noticeIds.length - noticeIds.filter((id) => left.includes(id)).length,
      left: noticeIds.filter((id) => left.includes(id)),
    }),
  });
  const all = ['notices', 'dismiss', '--parked', ...REASON];

  test('--parked asks with how many of which kind, and dismisses those and no others', async () => {
    const admin = parkedIn(many, [`KEY#${KEY_ID}/3`]);
    const { sent, stdout, questions } = await keyturn(all, { admin, answer: true });
    expect(questions).toEqual(['Tell nobody any more of 60 notices (58 extended, 2 emergency)?']);
    const dismissed = sent.filter(({ action }) => action === 'dismiss-notices').map(({ input }) => input);
    expect(dismissed).toEqual([
      { noticeIds: many.slice(0, 50).map(({ noticeId }) => noticeId), reason: 'They left' },
      { noticeIds: many.slice(50).map(({ noticeId }) => noticeId), reason: 'They left' },
    ]);
    expect(stdout).toBe(
      '59 notices dismissed: nobody is told any more.\n1 notice left that is parked no more.\n',
    );
  });

  test('--parked changes nothing after a no, or where nothing is parked', async () => {
    const no = await keyturn(all, { admin: parkedIn(many), answer: false });
    expect(no.exitCode).toBe(1);
    expect(no.sent.map(({ action }) => action)).not.toContain('dismiss-notices');
    const none = await keyturn([...all, '--yes'], { admin: parkedIn([]) });
    expect(none).toMatchObject({ exitCode: 0, stdout: 'Nothing is parked.\n', questions: [] });
  });

  test('--parked with --yes and --json asks nothing and answers the sum', async () => {
    const { stdout, questions } = await keyturn([...all, '--yes', '--json'], { admin: parkedIn(many) });
    expect(questions).toEqual([]);
    expect(JSON.parse(stdout)).toEqual({ dismissed: 60, left: [] });
  });

  test.each([
    [REASON, /which notice/],
    [[KEY_ID, '--parked', ...REASON], /--parked are given/],
    [[PARKED.noticeId], /--reason/],
    [['--parked', ...REASON], /no terminal to ask on/],
  ])('is refused with %j, and nothing is sent', async (args, message) => {
    const { exitCode, stderr, sent } = await keyturn(['notices', 'dismiss', ...args], {});
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(message);
  });
});

test('one that was dismissed says by whom and why, with no mend', async () => {
  const dismissed = notice({
    ...PARKED,
    status: 'dismissed',
    dismissedBy: 'arn:aws:iam::111122223333:user/kim',
    dismissedFor: 'They left',
  });
  const { stdout } = await keyturn(['notices', KEY_ID], { admin: { notices: () => page(dismissed) } });
  expect(stdout).toContain(
    [
      'dismissed: The sender keys@acme.dev is not verified in Amazon SES.',
      '  by arn:aws:iam::111122223333:user/kim: They left',
      `  ${PARKED.noticeId}`,
      '',
    ].join('\n'),
  );
  expect(stdout).not.toContain('keyturn notices');
});

test('show says whom the key told last, and whom nobody could tell', async () => {
  const notices = { last: PARKED, sent: 1, waiting: 0, parked: 1, bounced: 1 };
  const { stdout } = await keyturn(['show', KEY_ID], { admin: { show: () => keyView({ notices }) } });
  expect(stdout).toContain('Told last: extended to team@example.com, parked 30m ago');
  expect(stdout).toContain(`Nobody was told by 2 of its notices: keyturn notices ${KEY_ID}`);
});
