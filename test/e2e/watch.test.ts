/** The command line as a process of its own: whoever stops watching stops nothing else. */
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { auditEvents } from './support/audit-events.ts';
import { startKeyturn } from './support/command-line.ts';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { bearer, postCall } from './support/mcp.ts';

test('Ctrl-C of --watch ends the watching, says how to go on, and leaves the rotation alone', async () => {
  const { keyId } = await issueKey();
  const run = startKeyturn('rotate', keyId, '--watch', '--json');
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
