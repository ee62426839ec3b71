/** The command line as a process of its own: whoever stops watching stops nothing else. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKOUT } from '../../local/state.ts';
import { auditEvents } from './support/audit-events.ts';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { bearer, postCall } from './support/mcp.ts';

interface Run {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
}

function keyturn(...args: string[]): Run {
  const cli = join(CHECKOUT, 'cli', 'keyturn.mjs');
  const child = spawn(process.execPath, [cli, '--local', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const run: Run = { child, stdout: '', stderr: '' };
  child.stdout?.on('data', (data: Buffer) => (run.stdout += data));
  child.stderr?.on('data', (data: Buffer) => (run.stderr += data));
  return run;
}

test('Ctrl-C of --watch ends the watching, says how to go on, and leaves the rotation alone', async () => {
  const { keyId } = await issueKey();
  const run = keyturn('rotate', keyId, '--watch', '--json');
  await eventually(
    'A line of the watch',
    async () => run.stderr,
    (text) => text.includes('both versions accepted'),
  );
  run.child.kill('SIGINT');
  const [code] = await once(run.child, 'exit');

  expect(code).toBe(0);
  expect(run.stderr).toContain(`Stopped watching; the rotation goes on: keyturn show ${keyId}`);
  const printed = JSON.parse(run.stdout) as { rotationId: string; status: string; key: string };
  expect(printed.status).toBe('dual-key');
  const [rest] = APIS;
  expect((await postCall(rest.url, bearer(printed.key))).status).toBe(200);

  const { rotationId } = printed;
  const done = await eventually(
    'The end',
    async () => {
      await postCall(rest.url, bearer(printed.key));
      return admin('rotation', { keyId, rotationId });
    },
    (rotation) => rotation?.endedAt !== null,
  );
  expect(done).toMatchObject({ status: 'completed', evidence: 'migrated' });
  const actions = (await auditEvents(keyId)).map(({ action }) => action);
  expect(actions.filter((action) => action === 'rotation.started')).toHaveLength(1);
  expect(actions.at(-1)).toBe('version.retired');
});
