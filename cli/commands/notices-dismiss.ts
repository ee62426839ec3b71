import type { Dismissed, NoticeView } from '../../lambdas/functions/admin/notices-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import { confirm, type Invocation, requireConsent } from '../invocation.ts';
import { words } from '../options/values.ts';
import { dismissedText, kindsOf } from '../output/render-dismissed.ts';
import type { Register } from './register.ts';

interface DismissOptions {
  readonly reason: string;
  readonly parked: boolean;
}

/** What the admin function takes at once. */
const AT_ONCE = 50;

/** `keyturn notices dismiss`: nobody is to be told any more of what was given up. */
export const registerDismiss: Register = (notices, handle) => {
  notices
    .command('dismiss')
    .description('Tell nobody any more of a notice that was given up, or of all of them')
    .argument('[noticeId]', 'as `keyturn notices` shows it', words)
    .option('--parked', 'all that were given up', false)
    .requiredOption('--reason <text>', 'why, for the audit', words)
    .action(
      // An option of both is taken by the outer command, wherever it stands.
      handle((run, noticeId: string | undefined, { reason }: DismissOptions) =>
        dismiss(run, noticeId, { reason, parked: notices.opts<DismissOptions>().parked }),
      ),
    );
};

async function dismiss(
  run: Invocation,
  noticeId: string | undefined,
  { reason, parked }: DismissOptions,
): Promise<ExitCode> {
  if (parked === (noticeId !== undefined)) {
    throw badUsage(
      parked
        ? `Both a notice, '${noticeId}', and --parked are given.`
        : 'It is not said which notice is to be dismissed.',
      'Give the id of a notice as `keyturn notices` shows it, or --parked alone for all that were given up.',
    );
  }
  if (parked) requireConsent(run);
  const { admin } = await run.connect();
  const dismissed =
    noticeId === undefined
      ? await dismissAll(run, admin, reason)
      : await admin.call('dismiss-notices', { noticeId, reason });
  run.result(dismissed, (paint) => dismissedText(dismissed, paint));
  return EXIT.done;
}

/** Those that are named in the question, and none that is given up meanwhile. */
async function dismissAll(run: Invocation, admin: AdminClient, reason: string): Promise<Dismissed> {
  const parked = await allParked(admin);
  if (parked.length === 0) return { dismissed: 0, left: [] };
  await confirm(run, `Tell nobody any more of ${kindsOf(parked)}?`);
  const ids = parked.map(({ noticeId }) => noticeId);
  let sum: Dismissed = { dismissed: 0, left: [] };
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const noticeIds = ids.slice(at, at + AT_ONCE);
    const { dismissed, left } = await admin.call('dismiss-notices', { noticeIds, reason });
    sum = { dismissed: sum.dismissed + dismissed, left: [...sum.left, ...left] };
  }
  return sum;
}

async function allParked(admin: AdminClient): Promise<readonly NoticeView[]> {
  const all: NoticeView[] = [];
  let nextToken: string | null = null;
  do {
    const place: { readonly nextToken?: string } = nextToken === null ? {} : { nextToken };
    const page = await admin.call('notices', { parked: true, limit: 100, ...place });
    all.push(...page.notices);
    nextToken = page.nextToken;
  } while (nextToken !== null);
  return all;
}
