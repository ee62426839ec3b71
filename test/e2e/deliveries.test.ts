/** Deliveries in which a person takes the new key and gives it to its client, while that calls at a steady rate. */
import { beforeAll, expect, test } from 'vitest';
import { keyturn } from './support/command-line.ts';
import { APIS, admin, issueKey } from './support/deployment.ts';
import { everything, expectNowhere } from './support/leaks.ts';
import { whoami } from './support/mcp.ts';
import { SteadyCaller } from './support/steady-caller.ts';
import { dualKeyOf, followToRefusal } from './support/whole-rotation.ts';
import { archiveEvents } from './support/written/messages.ts';

const [REST] = APIS;
/** Every key of these tests, to be searched for in the end. */
const keys: string[] = [];

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

test('no key is anywhere afterwards', async () => {
  const texts = await everything();
  expect(texts.get('table')).toContain('"version.claimed"');
  expectNowhere(texts, keys);
});
