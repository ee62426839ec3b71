import { Option } from 'commander';
import type { ExitCode } from '../exit.ts';
import { confirm, type Invocation, requireConsent } from '../invocation.ts';
import { duration, keyId, words } from '../options/values.ts';
import { runRotation } from '../rotation/run-rotation.ts';
import type { Register } from './register.ts';

interface EmergencyOptions {
  readonly reason: string;
  readonly immediate: boolean;
  readonly grace?: string;
  readonly watch: boolean;
}

/** `keyturn emergency`: a leaked key is replaced, and the old version is refused whatever its clients do. */
export const registerEmergency: Register = (program, handle) => {
  program
    .command('emergency')
    .description('Replace a leaked key: the old version is refused at a stated time, or at once')
    .argument('<keyId>', "the key's public id", keyId)
    .requiredOption('--reason <text>', 'what happened, for the audit', words)
    .option('--immediate', 'refuse the old version at once', false)
    .addOption(
      new Option(
        '--grace <duration>',
        "time until the old version is refused, such as PT1H (default: the policy's)",
      )
        .argParser(duration)
        .conflicts('immediate'),
    )
    .option('--watch', 'follow the rotation to its end', false)
    .action(handle(emergency));
};

async function emergency(run: Invocation, id: string, options: EmergencyOptions): Promise<ExitCode> {
  requireConsent(run);
  await confirmEmergency(run, id, options);
  const request = {
    keyId: id,
    purpose: 'emergency',
    reason: options.reason,
    immediateInvalidation: options.immediate,
    ...(options.grace && { gracePeriod: options.grace }),
  };
  return runRotation(run, request, { watch: options.watch });
}

async function confirmEmergency(run: Invocation, id: string, options: EmergencyOptions): Promise<void> {
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
