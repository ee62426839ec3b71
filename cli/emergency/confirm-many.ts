/**
 * Before many keys: what would become of them is shown, and what is typed must be about these very keys. An owner's
 * address, or the number of all keys, is nothing that is typed by habit or stands in the wrong script.
 */
import type { EmergencyPreviewView } from '../../lambdas/functions/admin/emergency-contract.ts';
import type { AdminClient } from '../admin-client.ts';
import { badUsage, CliError, EXIT } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { paintFor } from '../output/paint.ts';
import { emergencyPreview } from '../output/render-emergency-preview.ts';
import { type EmergencyOptions, type ManyTarget, manyKeys } from './target.ts';

/** What can be said before anything is sent. */
export function requireTypedConsent(run: Invocation, target: ManyTarget, given: string | undefined): void {
  if (given === undefined && !run.context.askText) {
    const what = target.kind === 'owner' ? `'${target.owner}'` : '<the number of keys that --preview shows>';
    throw badUsage(
      run.options.yes
        ? 'An emergency of many keys needs more than --yes.'
        : 'An emergency of many keys must be confirmed, and there is no terminal to ask on.',
      `Add --confirm ${what}.`,
    );
  }
  if (given !== undefined && target.kind === 'owner' && given.trim() !== target.owner) {
    throw badUsage(
      `What --confirm says, '${given}', is not the owner '${target.owner}'.`,
      'Nothing was changed. Give the same address twice, or see --preview.',
    );
  }
}

/** @throws CliError when there is nothing to do, or what was typed does not confirm it */
export async function confirmMany(
  run: Invocation,
  admin: AdminClient,
  target: ManyTarget,
  { immediate, grace, confirm }: EmergencyOptions,
): Promise<void> {
  const preview = await admin.call('preview-emergency', {
    ...manyKeys(target),
    immediateInvalidation: immediate,
  });
  if (preview.enabled === 0) throw nothingToDo(target, preview);
  const expected = target.kind === 'owner' ? target.owner : String(preview.enabled);
  const given =
    confirm ?? (await ask(run, target, preview, immediate ? 'at once' : `after ${grace ?? PERIOD}`));
  if (given.trim() === expected) return;
  throw new CliError(
    'not-confirmed',
    `'${given}' does not confirm it: nothing was changed.`,
    target.kind === 'owner'
      ? `Type the owner's address, ${expected}.`
      : `There are ${expected} keys to replace now.`,
    { exitCode: confirm === undefined ? EXIT.failed : EXIT.usage },
  );
}

const PERIOD = "each policy's emergency grace period";

async function ask(
  run: Invocation,
  target: ManyTarget,
  preview: EmergencyPreviewView,
  when: string,
): Promise<string> {
  const { stderr, env, now, askText } = run.context;
  stderr.write(`${emergencyPreview(preview, paintFor(stderr, env), now())}\n`);
  const keys =
    preview.enabled === 1
      ? 'The present version of 1 key'
      : `The present versions of ${preview.enabled} keys`;
  const what = target.kind === 'owner' ? "the owner's address" : 'the number of keys';
  return (await askText?.(`${keys} will be refused ${when}. To go on, type ${what}:`)) ?? '';
}

const nothingToDo = (target: ManyTarget, { total }: EmergencyPreviewView): CliError =>
  new CliError(
    'no-keys',
    target.kind === 'owner'
      ? `'${target.owner}' has ${total === 0 ? 'no keys' : `${total} keys, all of them disabled or revoked`}.`
      : 'There is no key that is not disabled or revoked.',
    "See 'keyturn list --status all'.",
    { exitCode: EXIT.unknownKey },
  );
