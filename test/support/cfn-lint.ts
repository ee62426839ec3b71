/** cfn-lint, installed inside the checkout beside the emulator and run by the same Python. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensurePythonTool } from './python-tool.ts';

/** The CDK itself writes dependencies that a reference already makes. */
const IGNORED = 'W3005';

/** What its command does; a directory of modules has no commands. */
const START = 'from cfnlint.runner import main; main()';

interface Match {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** What cfn-lint finds in a template, warnings included, as `rule path: message`. */
export async function lintTemplate(templateFile: string): Promise<string[]> {
  const { python, modules } = await ensurePythonTool('cfn-lint');
  const options = ['--format', 'json', '--ignore-checks', IGNORED, '--regions', 'us-east-1', 'eu-central-1'];
  const { stdout } = await promisify(execFile)(
    python.executable,
    ['-c', START, ...options, '--template', templateFile],
    { env: { ...process.env, PYTHONPATH: modules } },
  ).catch((error: { readonly stdout?: string; readonly stderr?: string }) => {
    // It exits with what it found; without any finding on its output it broke.
    if (!error.stdout?.startsWith('[')) throw new Error(`cfn-lint broke: ${error.stderr ?? String(error)}`);
    return { stdout: error.stdout };
  });
  return (JSON.parse(stdout) as Match[]).map(
    ({ Rule, Message, Location }) => `${Rule.Id} ${(Location.Path ?? []).join('/')}: ${Message}`,
  );
}
