/** Questions about an owner: what is no address is refused before anything is sent, and an empty answer says of whom. */
import { describe, expect, test } from 'vitest';
import { keyturn } from './fake-world.ts';

const OWNER = 'nobody@example.com';

describe.each([
  [['list']],
  [['audit']],
  [['webhooks', 'list']],
  [['emergency', '--reason', 'leak', '--preview']],
])('%j', (args) => {
  test.each(['nonsense', 'a b@example.com', 'a@b@c', '@'])('takes no --owner %j', async (owner) => {
    const { exitCode, sent, stderr } = await keyturn([...args, '--owner', owner], {});
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(/--owner.* is invalid\.\nmend: .*mail address/);
  });
});

const none = { list: () => ({ keys: [], nextToken: null }), webhooks: () => ({ webhooks: [] }) };

test.each([
  [['list'], 'There are no keys. Revoked ones are listed with --status all.\n'],
  [['list', '--owner', OWNER], `There are no keys of ${OWNER}. Revoked ones are listed with --status all.\n`],
  [['list', '--owner', OWNER, '--status', 'all'], `There are no keys of ${OWNER}.\n`],
  [['list', '--status', 'disabled'], 'There are no disabled keys. Others are listed with --status all.\n'],
  [['webhooks', 'list'], 'There is no webhook. Add one with keyturn webhooks add <url>.\n'],
  [
    ['webhooks', 'list', '--owner', OWNER],
    `There is no webhook of ${OWNER}. Add one with keyturn webhooks add <url> --owner ${OWNER}.\n`,
  ],
])('%j finds nothing, and says of what', async (args, text) => {
  const { exitCode, stdout } = await keyturn(args, { admin: none });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: text });
});
