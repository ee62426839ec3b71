import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument } from 'commander';
import { DEFAULT_LOCALE, DEFAULT_TIME_ZONE } from '../../rules/mail-locale.ts';
import { CliError, EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import { PREVIEW_KINDS, type PreviewKind, writePreview } from '../notices/write-preview.ts';
import { footer, locale, timeZone } from '../options/mail-values.ts';
import { previewText } from '../output/render-preview.ts';
import type { Register } from './register.ts';

interface PreviewOptions {
  readonly locale: string;
  readonly timeZone: string;
  readonly footer?: string;
  readonly out?: string;
}

/** `keyturn notices preview`: what the mails look like. */
export const registerPreview: Register = (notices, handle) => {
  notices
    .command('preview')
    .description('Write the mails as files, with made-up examples; needs no deployment')
    .addArgument(new Argument('[kind]', 'of one kind alone').choices(PREVIEW_KINDS))
    .option('--locale <tag>', 'language of the words, and how dates are written', locale, DEFAULT_LOCALE)
    .option('--time-zone <name>', 'by whose clock times are told', timeZone, DEFAULT_TIME_ZONE)
    .option('--footer <text>', 'as `notifications.footer` of a deployment', footer)
    .option('--out <folder>', 'where to write them (default: a new temporary folder)')
    .action(handle(preview));
};

async function preview(
  run: Invocation,
  kind: PreviewKind | undefined,
  { out, locale: tag, timeZone: zone, footer: text }: PreviewOptions,
): Promise<ExitCode> {
  const kinds = kind === undefined ? PREVIEW_KINDS : [kind];
  const settings = { locale: tag, timeZone: zone, ...(text === undefined ? {} : { footer: text }) };
  const written = await writePreview(
    out ?? mkdtempSync(join(tmpdir(), 'keyturn-notices-')),
    kinds,
    settings,
    run.context.now(),
  ).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(out, error);
  });
  run.result(written, (paint) => previewText(written, paint));
  if (!run.options.json) run.context.open?.(written.index);
  return EXIT.done;
}

const unwritable = (out: string | undefined, { code, message }: NodeJS.ErrnoException): unknown =>
  new CliError(
    'not-written',
    `The mails could not be written to '${out ?? tmpdir()}' (${code ?? message}).`,
    'Give --out a folder that you may write to.',
  );
