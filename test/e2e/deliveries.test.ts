/** Deliveries in which a person takes the new key and gives it to its client, while that calls at a steady rate. */
import { beforeAll, expect, test } from 'vitest';
import { issueLinked, lastLinkOf, press } from './support/claim-link.ts';
import { keyturn } from './support/command-line.ts';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { eventually } from './support/eventually.ts';
import { everything, expectNowhere, keysIn, placesWith } from './support/leaks.ts';
import { linkMailsAbout } from './support/mailbox.ts';
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

test('claim-link: its owner takes the key by the link in each mail, and no call fails', async () => {
  const { keyId, link } = await issueLinked();
  const oldKey = await takenBy(link);
  const { caller, take } = clientWith(oldKey);
  try {
    await admin('rotate', { keyId, purpose: 'manual', gracePeriod: 'PT20S' });
    const mails = () => linkMailsAbout(keyId);
    await eventually('The mail', mails, ({ length }) => length === 2);
    const newLink = await lastLinkOf(keyId);
    take(await takenBy(newLink));
    for (const spent of [link, newLink]) expect((await press(spent, 'show')).status).toBe(410);
    const delivered = { by: 'claim-link', receivedBy: 'link' } as const;
    await followToRefusal({ keyId, oldKey, caller, delivered });
  } finally {
    await caller.stop();
  }
});

/** What a mail's scanner does takes nothing; what the button does takes the key. */
async function takenBy(link: string): Promise<string> {
  links.push(link);
  const visited = await fetch(link);
  expect(visited.status).toBe(200);
  expect(keysIn(await visited.text())).toEqual([]);
  const pressed = await press(link, 'show');
  expect(pressed.status).toBe(200);
  const [key, ...more] = keysIn(await pressed.text());
  expect(more).toEqual([]);
  return String(key);
}

test('no key is anywhere afterwards', async () => {
  const texts = await everything();
  expect(texts.get('table')).toContain('"version.claimed"');
  expect(keys).toHaveLength(4);
  expectNowhere(texts, keys);
  // A link is told to its owner alone. The emulator itself logs whole paths.
  texts.delete('mails');
  texts.delete('file emulator.log');
  expect(
    placesWith(
      texts,
      links.map((link) => link.split('/').at(-1) as string),
    ),
  ).toEqual([]);
});
