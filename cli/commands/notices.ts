import type { NoticesInput } from '../../lambdas/functions/admin/notices-contract.ts';
import { badUsage, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { keyId, limit, words } from '../options/values.ts';
import { noticeTable, resentText } from '../output/render-notices.ts';
import { registerDismiss } from './notices-dismiss.ts';
import { registerPreview } from './notices-preview.ts';
import { registerUnblock } from './notices-unblock.ts';
import type { Register } from './register.ts';

type ListOptions = Omit<NoticesInput, 'keyId'>;

/** `keyturn notices`: who was told of what, and how it stands. */
export const registerNotices: Register = (program, handle) => {
  const notices = program
    .command('notices')
    .description('Show who was told of what: of a key, or of all keys what could not be told')
    .argument('[keyId]', "a key's public id", keyId)
    .option('--parked', 'only what was given up', false)
    .option('--limit <count>', 'notices on a page, 1 to 100', limit, 50)
    .option('--next-token <token>', 'the next page, as the last one named it', words)
    .action(handle(list));
  notices
    .command('resend')
    .description('Send a notice once more that told nobody, or all that were given up')
    .argument('[noticeId]', 'as `keyturn notices` shows it', words)
    .option('--parked', 'all that were given up', false)
    .action(
      // An option of both is taken by the outer command, wherever it stands.
      handle((run, noticeId: string | undefined) => resend(run, noticeId, notices.opts())),
    );
  registerDismiss(notices, handle);
  registerPreview(notices, handle);
  registerUnblock(notices, handle);
};

async function list(run: Invocation, id: string | undefined, options: ListOptions): Promise<ExitCode> {
  const { admin } = await run.connect();
  const page = await admin.call('notices', { ...(id === undefined ? {} : { keyId: id }), ...options });
  run.result(page, (paint, nowMs) => noticeTable(page, { ofKey: id, parked: options.parked }, paint, nowMs));
  return EXIT.done;
}

async function resend(
  run: Invocation,
  noticeId: string | undefined,
  { parked }: { readonly parked: boolean },
): Promise<ExitCode> {
  if (parked === (noticeId !== undefined)) {
    throw badUsage(
      parked
        ? `Both a notice, '${noticeId}', and --parked are given.`
        : 'It is not said which notice is to be sent again.',
      'Give the id of a notice as `keyturn notices` shows it, or --parked alone for all that were given up.',
    );
  }
  const { admin } = await run.connect();
  let resent = await admin.call('resend-notices', noticeId === undefined ? { parked } : { noticeId });
  // Those that are on their way again are parked no more: each answer is of others. One that changes nothing ends it.
  for (let last = resent; last.more && last.resent > 0; ) {
    last = await admin.call('resend-notices', { parked });
    resent = { resent: resent.resent + last.resent, more: last.more };
  }
  run.result(resent, (paint) => resentText(resent, paint));
  return EXIT.done;
}
