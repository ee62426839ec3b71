/** Notices as a table: who was told of what, when, how it stands, and why not. */
import type {
  NoticesPage,
  NoticesSummary,
  NoticeView,
  Resent,
} from '../../lambdas/functions/admin/notices-contract.ts';
import type { Paint } from './paint.ts';
import { type Column, table } from './table.ts';
import { fromNow } from './time.ts';

const NOTHING = '–';
/** A line each, and one for each cause. */
const MOST_EXPLAINED = 20;

export function noticeTable(
  { notices, nextToken }: NoticesPage,
  { ofKey, parked = false }: { readonly ofKey?: string | undefined; readonly parked?: boolean | undefined },
  paint: Paint,
  nowMs: number,
): string {
  if (notices.length === 0 && !nextToken) {
    if (ofKey === undefined) return 'Nothing is parked.\n';
    return parked ? `No notice of key ${ofKey} is parked.\n` : `No notice of key ${ofKey} is kept.\n`;
  }
  const columns: readonly Column<NoticeView>[] = [
    { title: 'MADE', value: ({ madeAt }) => `${madeAt.slice(0, 19)}Z` },
    ...(ofKey === undefined ? [{ title: 'KEY ID', value: ({ keyId }: NoticeView) => keyId ?? NOTHING }] : []),
    { title: 'WHAT', value: ({ kind }) => kind, paint: (cell) => paint.bold(cell) },
    { title: 'TO', value: ({ recipient }) => recipient },
    { title: 'BY', value: ({ channel }) => channel },
    {
      title: 'STATUS',
      value: ({ status }) => status,
      paint: (cell, { status }) => statusPaint(status, paint)(cell),
    },
    { title: 'TRIES', value: ({ attempts }) => String(attempts), align: 'right' },
    { title: 'WHEN', value: (notice) => whenOf(notice, nowMs) },
  ];
  const whys = notices
    .filter(({ why, status }) => why !== null || status === 'dismissed' || UNTOLD.includes(status))
    .slice(0, MOST_EXPLAINED);
  const parts = [
    `${table(columns, notices, paint.dim)}\n`,
    ...(whys.length > 0 ? [`${causes(whys, paint).join('\n')}\n`] : []),
    ...(notices.some(({ status }) => status === 'parked')
      ? [paint.dim('What nobody can be told: keyturn notices dismiss <noticeId> --reason …\n')]
      : []),
    ...(nextToken ? [`${paint.dim(`More: add --next-token ${nextToken}`)}\n`] : []),
  ];
  return parts.join('\n');
}

/** Sent, given up or come back, or when it is looked at next. */
function whenOf({ status, sentAt, settledAt, nextTryAt }: NoticeView, nowMs: number): string {
  // It is with its receiver, or its sender has died: that its time ends is no time of sending.
  if (status === 'sending') return `no word yet, again ${comingAt(nextTryAt, nowMs)}`;
  const at = nextTryAt ?? settledAt ?? sentAt;
  return at === null ? NOTHING : fromNow(at, nowMs);
}

const comingAt = (at: string | null, nowMs: number): string =>
  at !== null && Date.parse(at) > nowMs ? fromNow(at, nowMs) : 'now';

const UNTOLD: readonly NoticeView['status'][] = ['parked', 'bounced', 'complained'];

function statusPaint(status: NoticeView['status'], paint: Paint) {
  if (status === 'sent') return paint.good;
  return UNTOLD.includes(status) ? paint.bad : paint.warn;
}

/** Each cause once, since one of them most often parks many. */
function causes(notices: readonly NoticeView[], paint: Paint): readonly string[] {
  const byCause = new Map<string, NoticeView[]>();
  for (const notice of notices) {
    const cause = causeOf(notice);
    byCause.set(cause, [...(byCause.get(cause) ?? []), notice]);
  }
  return [...byCause].flatMap(([cause, of]) => [cause, ...mends(of).map(paint.dim)]);
}

const causeOf = ({ status, why, dismissedBy, dismissedFor }: NoticeView): string =>
  [
    `${status}: ${why ?? 'why is not known'}`,
    ...(status === 'dismissed'
      ? [`  by ${dismissedBy ?? 'nobody known'}: ${dismissedFor ?? 'why is not known'}`]
      : []),
  ].join('\n');

/** @param notices of one cause and status */
function mends(notices: readonly NoticeView[]): readonly string[] {
  if (!notices.some(({ status }) => UNTOLD.includes(status)))
    return notices.map(({ noticeId }) => `  ${noticeId}`);
  const commands = notices.map(({ noticeId }) => `keyturn notices resend ${quoted(noticeId)}`);
  if (commands.length === 1) return [`  Mended, send it again: ${commands[0]}`];
  const allAtOnce =
    notices[0]?.status === 'parked' ? ', or all that is parked by keyturn notices resend --parked' : '';
  return [`  Mended, send them again${allAtOnce}:`, ...commands.map((command) => `    ${command}`)];
}

/** For a shell: an address may have an apostrophe. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

export function resentText({ resent, more }: Resent, paint: Paint): string {
  const lines = [
    resent === 0
      ? 'Nothing is parked.'
      : `${paint.good(`${resent} ${resent === 1 ? 'notice' : 'notices'}`)} will be sent within a minute.`,
    ...(more ? ['There are more: repeat the command.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Of one key, in a line or two; nothing where nobody was told of it yet. */
export function noticesLine(
  keyId: string,
  { last, parked, bounced }: NoticesSummary,
  paint: Paint,
  nowMs: number,
): readonly string[] {
  if (!last) return [];
  const lines = [
    `Told last: ${last.kind} to ${last.recipient}, ${statusPaint(last.status, paint)(last.status)}${last.status === 'sending' ? ':' : ''} ${whenOf(last, nowMs)}`,
    ...(parked + bounced > 0
      ? [paint.bad(`Nobody was told by ${parked + bounced} of its notices: keyturn notices ${keyId}`)]
      : []),
  ];
  return [lines.join('\n')];
}
