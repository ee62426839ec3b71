/** Deliveries in which a person takes the new key and gives it to its client, while that calls at a steady rate. */
import { beforeAll, expect, test } from 'vitest';
import { keyturn } from './support/command-line.ts';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { everything, expectNowhere, keysIn } from './support/leaks.ts';
import { whoami } from './support/mcp.ts';
import { SteadyCaller } from './support/steady-caller.ts';
import { dualKeyOf, followToRefusal } from './support/whole-rotation.ts';
import { archiveEvents } from './support/written/messages.ts';

const [REST] = APIS;
/** Every key of these tests, to be searched for in the end. */
const keys: string[] = [];
const links: string[] = [];

beforeAll(() => archiveEvents());

/** A client that runs on while somebody gives it another key. */
function clientWith(key: string) {
  const held = { key, version: 1 };
  const caller = SteadyCaller.start(async () => {
    const { version } = held;
    return { version, ...(await whoami(REST.url, held)) };
  });
  const take = (newKey: string) => {
    keys.push(newKey);
    Object.assign(held, { key: newKey, version: 2 });
  };
  keys.push(key);
  return { caller, take };
}

test('operator: whoever claims it gives the new key to the client, and no call fails', async () => {
  const { keyId, key: oldKey } = await issueKey();
  const { caller, take } = clientWith(oldKey);
  try {
    await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT20S' });
    await dualKeyOf(keyId);
    const claimed = await keyturn('claim', keyId, '--json');
    expect(claimed.code).toBe(0);
    take(JSON.parse(claimed.stdout).key);
    const delivered = { by: null, receivedBy: 'claim' } as const;
    await followToRefusal({ keyId, oldKey, caller, delivered });
  } finally {
    await caller.stop();
  }
});

test('claim-link: its owner opens the link that the operator was given, and no call fails', async () => {
  const { keyId, link } = await issueLink();
  // What a scanner of mails does takes nothing.
  const visited = await fetch(link);
  expect(visited.status).toBe(200);
  expect(keysIn(await visited.text())).toEqual([]);
  const oldKey = await takenFrom(link);
  const { caller, take } = clientWith(oldKey);
  try {
    await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT20S' });
    await dualKeyOf(keyId);
    const delivered = await keyturn('deliver', keyId, '--again', '--json');
    expect(delivered.code).toBe(0);
    const newLink = JSON.parse(delivered.stdout).link as string;
    links.push(newLink);
    take(await takenFrom(newLink));
    for (const spent of [link, newLink]) expect((await post(spent)).status).toBe(410);
    await followToRefusal({
      keyId,
      oldKey,
      caller,
      delivered: { by: 'claim-link', receivedBy: 'link' },
    });
  } finally {
    await caller.stop();
  }
});

/** A key whose owner gets a link: from the operator, since no mail is sent here. */
async function issueLink(): Promise<{ readonly keyId: string; readonly link: string }> {
  const { keyId, link, ...issued } = await admin('issue', {
    owner: 'end-to-end@example.com',
    name: 'End-to-end test',
    environment: 'test',
    scopes: ['tools:*'],
    policy: 'drill',
    delivery: 'claim-link',
  });
  expect(issued).not.toHaveProperty('key');
  links.push(String(link));
  return { keyId, link: String(link) };
}

/** As the button on the page does. */
const post = (link: string): Promise<Response> =>
  fetch(link, { method: 'POST', body: new URLSearchParams({ action: 'show' }) });

async function takenFrom(link: string): Promise<string> {
  const response = await post(link);
  expect(response.status).toBe(200);
  const [key, ...more] = keysIn(await response.text());
  expect(more).toEqual([]);
  return String(key);
}

test('no key is anywhere afterwards', async () => {
  const texts = await everything();
  expect(texts.get('table')).toContain('"version.claimed"');
  expect(keys).toHaveLength(4);
  // The emulator logs whole paths; what of a path stands in the product's own logs is its pattern.
  texts.delete('file emulator.log');
  expectNowhere(texts, keys, ...links.map((link) => link.split('/').at(-1) as string));
});
