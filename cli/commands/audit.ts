import type { AuditEventsInput, AuditEventsPage } from '../../lambdas/functions/admin/audit-contract.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { ownerAddress } from '../options/mail-values.ts';
import { pastPeriod } from '../options/past-period.ts';
import { auditLimit, keyId, words } from '../options/values.ts';
import { eventTable } from '../output/render-audit.ts';
import type { Register } from './register.ts';

interface AuditOptions extends Omit<AuditEventsInput, 'keyId' | 'order'> {
  readonly latest: boolean;
  readonly limit: number;
}

/** `keyturn audit`: what happened, to a key or to all, and who did it. */
export const registerAudit: Register = (program, handle) => {
  program
    .command('audit')
    .description('Show what is on record: of a key, an owner, somebody, a kind, a time')
    // Its own commands take options of the same names: what stands behind their name is theirs.
    .enablePositionalOptions()
    .argument('[keyId]', "a key's public id", keyId)
    .option(
      '--chain <chain>',
      "of what is no key's: pepper, audit, notices, wrong-keys, policy/<name>, webhook/<id>, emergency/<runId>, owner/<address>, mail/<address>",
      words,
    )
    .option('--owner <address>', "of this owner's keys", ownerAddress)
    .option('--kind <kind>', 'of this kind, such as key.revoked', words)
    .option('--actor <principal>', 'done by this IAM principal, or part of Keyturn', words)
    .option('--from <time>', 'from then on: 2026-11-01, 2026-11-01T18:00Z, or P7D back from now', words)
    .option('--to <time>', 'until before then; a day is in until its end', words)
    .option('--latest', 'the latest first', false)
    .option('--limit <count>', 'events on a page, 1 to 2000', auditLimit, 100)
    .option('--next-token <token>', 'the next page, as the last one named it', words)
    .action(handle(audit));
};

async function audit(
  run: Invocation,
  id: string | undefined,
  { latest, ...asked }: AuditOptions,
): Promise<ExitCode> {
  pastPeriod(asked, run.context.now());
  const page = await readPage(run, {
    ...(id === undefined ? {} : { keyId: id }),
    ...asked,
    ...(latest ? { order: 'latest' } : {}),
  });
  run.result(page, (paint) => eventTable(page, paint));
  return EXIT.done;
}

/** One answer may hold fewer than were asked for, and yet not be the last. */
async function readPage(
  run: Invocation,
  asked: AuditEventsInput & { readonly limit: number },
): Promise<AuditEventsPage> {
  const { admin } = await run.connect();
  let page = await admin.call('audit-events', asked);
  while (page.nextToken !== null && page.events.length < asked.limit) {
    const limit = asked.limit - page.events.length;
    const next = await admin.call('audit-events', { ...asked, limit, nextToken: page.nextToken });
    page = { events: [...page.events, ...next.events], nextToken: next.nextToken };
  }
  return page;
}
