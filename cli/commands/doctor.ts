import { type CheckResult, runChecks } from '../doctor/checks.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { Invocation } from '../invocation.ts';
import type { Paint } from '../output/paint.ts';
import type { Register } from './register.ts';

/** `keyturn doctor`: is everything there that the other commands need? */
export const registerDoctor: Register = (program, handle) => {
  program
    .command('doctor')
    .description('Check the way to the deployment, part by part')
    .action(handle(doctor));
};

async function doctor({ context, options, result }: Invocation): Promise<ExitCode> {
  const checks = await runChecks(() => context.reach(options), context.fetch);
  const ok = checks.every((check) => check.ok);
  result({ ok, checks }, (paint) => report(checks, paint));
  return ok ? EXIT.done : EXIT.failed;
}

function report(checks: readonly CheckResult[], paint: Paint): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const line = ({ name, ok, detail, hint }: CheckResult): string => {
    const verdict = ok ? paint.good('ok    ') : paint.bad('failed');
    const mend = hint ? `\n${' '.repeat(8)}${paint.dim('mend:')} ${hint}` : '';
    return `${verdict}  ${name.padEnd(width)}  ${detail}${mend}`;
  };
  return `${checks.map(line).join('\n')}\n`;
}
