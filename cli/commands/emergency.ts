import { Option } from 'commander';
import { confirmMany, requireTypedConsent } from '../emergency/confirm-many.ts';
import { followRun } from '../emergency/follow-run.ts';
import { previewEmergency } from '../emergency/preview.ts';
import { showRun, showRuns } from '../emergency/show-run.ts';
import { type EmergencyOptions, type ManyTarget, manyKeys, targetOf } from '../emergency/target.ts';
import { badUsage, type ExitCode } from '../exit.ts';
import { confirm, type Invocation, requireConsent } from '../invocation.ts';
import { ownerAddress } from '../options/mail-values.ts';
import { duration, keyId, runId, words } from '../options/values.ts';
import { runRotation } from '../rotation/run-rotation.ts';
import type { Register } from './register.ts';

/** `keyturn emergency`: leaked keys are replaced, and the old versions are refused whatever their clients do. */
export const registerEmergency: Register = (program, handle) => {
  program
    .command('emergency')
    .description('Replace leaked keys: the old versions are refused at a stated time, or at once')
    .argument('[keyId]', 'one key, by its public id', keyId)
    .option('--owner <address>', 'all keys of this owner', ownerAddress)
    .option('--all', 'all keys of the deployment', false)
    .option('--reason <text>', 'what happened, for the audit', words)
    .option('--immediate', 'refuse the old versions at once', false)
    .addOption(
      new Option(
        '--grace <duration>',
        "time until an old version is refused, such as PT1H (default: each key's policy)",
      )
        .argParser(duration)
        .conflicts('immediate'),
    )
    .option('--preview', 'show what would become of which key, and change nothing', false)
    .option('--confirm <text>', "for many keys: the owner's address, or with --all the number of keys")
    .option('--watch', 'one key: follow the rotation to its end', false)
    .option('--resume <runId>', 'many keys: go on with what failed or is left', runId)
    .option('--run [runId]', 'many keys: what became of each; without an id the latest runs', runId)
    .action(handle(emergency));
};

async function emergency(
  run: Invocation,
  id: string | undefined,
  options: EmergencyOptions,
): Promise<ExitCode> {
  const target = targetOf(id, options);
  switch (target.kind) {
    case 'run':
      return showRun(run, target.runId);
    case 'runs':
      return showRuns(run);
    case 'resume':
      return resume(run, target.runId);
  }
  if (options.preview) return previewEmergency(run, target, options.immediate);
  const { reason } = options;
  if (reason === undefined) {
    throw badUsage('An emergency needs a --reason.', "'keyturn emergency --help' shows what it takes.");
  }
  return target.kind === 'key' ? one(run, target.keyId, reason, options) : many(run, target, reason, options);
}

async function one(
  run: Invocation,
  id: string,
  reason: string,
  options: EmergencyOptions,
): Promise<ExitCode> {
  requireConsent(run);
  await confirmOne(run, id, options);
  const request = { keyId: id, purpose: 'emergency', reason, ...timing(options) };
  return runRotation(run, request, { watch: options.watch });
}

async function many(
  run: Invocation,
  target: ManyTarget,
  reason: string,
  options: EmergencyOptions,
): Promise<ExitCode> {
  requireTypedConsent(run, target, options.confirm);
  const { admin } = await run.connect();
  await confirmMany(run, admin, target, options);
  const started = await admin.call('start-emergency', { ...manyKeys(target), reason, ...timing(options) });
  return followRun(run, admin, started);
}

/** Asked without a confirmation: the run was confirmed when it started, and does nothing twice. */
async function resume(run: Invocation, id: string): Promise<ExitCode> {
  const { admin } = await run.connect();
  return followRun(run, admin, await admin.call('resume-emergency', { runId: id }));
}

const timing = ({ immediate, grace }: EmergencyOptions) => ({
  immediateInvalidation: immediate,
  ...(grace === undefined ? {} : { gracePeriod: grace }),
});

async function confirmOne(run: Invocation, id: string, options: EmergencyOptions): Promise<void> {
  if (run.options.yes) return;
  const { admin } = await run.connect();
  const { name, owner, environment } = await admin.call('show', { keyId: id });
  const when = options.immediate
    ? 'at once'
    : `after ${options.grace ?? "its policy's emergency grace period"}`;
  await confirm(
    run,
    `Refuse the present version of key ${id} ('${name}' of ${owner}, ${environment}) ${when}?`,
  );
}
