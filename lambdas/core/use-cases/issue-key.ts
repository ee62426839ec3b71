/** Issues a key: its record with version 1 active, and the key itself to whoever asked. */
import { MOST_ADDRESSES, parseAddressBlock } from '../../../rules/address-block.ts';
import { type Checked, refused } from '../../../rules/checked.ts';
import { parseFreeText } from '../../../rules/free-text.ts';
import type { Policy } from '../../../rules/policy.ts';
import { parseScope } from '../../../rules/scopes.ts';
import { DELIVERIES, type Delivery, ENVIRONMENTS, type Environment } from '../../../rules/words.ts';
import { type Actor, CHAIN_START, chainEvent } from '../domain/audit-event.ts';
import { newKeyId } from '../domain/key-format.ts';
import type { Destination, KeyRecord } from '../domain/key-record.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import { limitToPolicy } from '../domain/policy-limits.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { KeySealer, SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { Peppers } from '../ports/peppers.ts';
import { makeVersion, SEAL_LIFETIME_MS } from './generate-version.ts';
import { destinationFor, parseDestination, type StatedDestination } from './issue-destination.ts';

export interface IssueDeps {
  readonly store: KeyStore;
  readonly sealer: Pick<KeySealer, 'seal'>;
  readonly peppers: Peppers;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly prefix: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

export interface IssueOrder {
  readonly owner: string;
  readonly name: string;
  readonly environment: Environment;
  readonly scopes: readonly string[];
  readonly policy: string;
  readonly delivery: Delivery;
  readonly purpose?: string;
  readonly allowedAddresses: readonly string[];
  /** As far as the request states it. */
  readonly destination?: StatedDestination;
}

export const LONGEST_OWNER = 254;
const LONGEST_NAME = 100;
const MOST_SCOPES = 50;
const LONGEST_SHOWN = 60;

/**
 * Checks an issue request, field by field; says the first thing that is wrong.
 *
 * @param account the deployment's own, in which secrets are
 */
export function parseIssueOrder(
  input: Readonly<Record<string, unknown>>,
  policies: ReadonlyMap<string, Policy>,
  account?: string,
): Checked<IssueOrder> {
  const { owner, name, environment, scopes, purpose } = input;
  if (typeof owner !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(owner) || owner.length > LONGEST_OWNER) {
    return refused(`owner '${String(owner)}' is not a mail address.`, 'Give one such as team@example.com.');
  }
  const checkedOwner = parseFreeText(owner, 'owner', LONGEST_OWNER);
  if (!checkedOwner.ok) return checkedOwner;
  const checkedName = parseFreeText(name, 'name', LONGEST_NAME);
  if (!checkedName.ok) return checkedName;
  if (!(ENVIRONMENTS as readonly unknown[]).includes(environment)) {
    return refused(
      `environment '${String(environment)}' is not known.`,
      `Choose ${ENVIRONMENTS.join(' or ')}.`,
    );
  }
  const checkedScopes = checkScopes(scopes);
  if (!checkedScopes.ok) return checkedScopes;
  const policy = input['policy'] ?? 'standard';
  if (typeof policy !== 'string' || !policies.has(policy)) {
    return refused(
      `policy '${String(policy)}' is not deployed.`,
      `Choose one of ${[...policies.keys()].join(', ')}.`,
    );
  }
  const delivery = input['delivery'] ?? 'operator';
  if (!(DELIVERIES as readonly unknown[]).includes(delivery)) {
    return refused(
      `delivery '${String(delivery)}' is not available.`,
      `Choose one of ${DELIVERIES.join(', ')}.`,
    );
  }
  const destination = parseDestination(delivery as Delivery, input, account);
  if (!destination.ok) return destination;
  const checkedPurpose = purpose === undefined ? undefined : parseFreeText(purpose, 'purpose', LONGEST_NAME);
  if (checkedPurpose?.ok === false) return checkedPurpose;
  const addresses = checkAddresses(input['allowedAddresses'] ?? []);
  if (!addresses.ok) return addresses;
  const limited = limitToPolicy(policies.get(policy) as Policy, environment as Environment, addresses.value);
  if (!limited.ok) return limited;
  return {
    ok: true,
    value: {
      owner,
      name: checkedName.value,
      environment: environment as Environment,
      scopes: checkedScopes.value,
      policy,
      delivery: delivery as Delivery,
      ...(checkedPurpose ? { purpose: checkedPurpose.value } : {}),
      allowedAddresses: limited.value,
      ...(destination.value ? { destination: destination.value } : {}),
    },
  };
}

function checkScopes(scopes: unknown): Checked<readonly string[]> {
  if (!Array.isArray(scopes) || scopes.length === 0) {
    return refused(
      `scopes ${shown(scopes)} is not a list of 1 to ${MOST_SCOPES} scopes.`,
      'Give at least one, such as tools:* for every tool of an MCP server.',
    );
  }
  if (scopes.length > MOST_SCOPES) {
    return refused(
      `scopes has ${scopes.length} scopes, more than ${MOST_SCOPES}.`,
      'Give fewer, such as <area>:* for every action of an area.',
    );
  }
  for (const scope of scopes) {
    if (typeof scope !== 'string')
      return refused(`The scope ${shown(scope)} is not text.`, 'Give each scope as <area>:<action>.');
    const parsed = parseScope(scope);
    if (!parsed.ok) return parsed;
  }
  return { ok: true, value: [...new Set(scopes as string[])] };
}

function checkAddresses(addresses: unknown): Checked<readonly string[]> {
  const mend = `Give up to ${MOST_ADDRESSES} CIDR blocks such as 203.0.113.0/24.`;
  if (!Array.isArray(addresses)) {
    return refused(`allowedAddresses ${shown(addresses)} is not a list of addresses.`, mend);
  }
  if (addresses.length > MOST_ADDRESSES) {
    return refused(`allowedAddresses has ${addresses.length} addresses, more than ${MOST_ADDRESSES}.`, mend);
  }
  for (const block of addresses) {
    // Of anything but text the text may look right: what the authorizer would read is the thing itself.
    const parsed = parseAddressBlock(typeof block === 'string' ? block : JSON.stringify(block));
    if (!parsed.ok) return parsed;
  }
  return { ok: true, value: addresses as string[] };
}

const shown = (value: unknown): string => String(JSON.stringify(value) ?? '(absent)').slice(0, LONGEST_SHOWN);

/**
 * @returns the record and the key. With delivery `operator` this is the one time that it leaves in clear; with any
 *   other it lies sealed until it is delivered, and is not for whoever asked
 */
export async function issueKey(
  deps: IssueDeps,
  order: IssueOrder,
  actor: Actor,
): Promise<{ readonly record: KeyRecord; readonly key: Plaintext }> {
  for (;;) {
    const { record, key, event } = await draft(deps, order, actor);
    const seal = order.delivery === 'operator' ? undefined : await sealFirst(deps, record, key);
    // A taken id (one in 62^12) means another key: made anew, never overwritten.
    if ((await deps.store.insert(record, event, seal)) === 'inserted') return { record, key };
  }
}

const sealFirst = (deps: IssueDeps, { keyId, environment }: KeyRecord, key: Plaintext): Promise<SealedKey> =>
  deps.sealer.seal(key, { keyId, version: 1, environment }, deps.clock() + SEAL_LIFETIME_MS);

async function draft(deps: IssueDeps, order: IssueOrder, actor: Actor) {
  const nowMs = deps.clock();
  const keyId = newKeyId(deps.randomBytes);
  const { key, version } = await makeVersion(deps, { keyId, environment: order.environment }, 1);
  const policy = deps.policies.get(order.policy) as Policy;
  const event = chainEvent(keyId, CHAIN_START, {
    action: 'key.issued',
    actor,
    atMs: nowMs,
    detail: {
      owner: order.owner,
      name: order.name,
      environment: order.environment,
      scopes: order.scopes,
      policy: order.policy,
      delivery: order.delivery,
      allowedAddresses: order.allowedAddresses,
      ...(order.destination?.kind === 'renewal' ? { thumbprint: order.destination.thumbprint } : {}),
    },
  });
  const { destination: stated, ...facts } = order;
  const destination: Destination | undefined = destinationFor(order.delivery, keyId, stated);
  const received = order.delivery === 'operator' ? { receivedAtMs: nowMs, receivedBy: 'issue' as const } : {};
  const record: KeyRecord = {
    keyId,
    ...facts,
    ...(destination ? { destination } : {}),
    status: 'enabled',
    createdAtMs: nowMs,
    dueAtMs: nowMs + policy.rotateEverySeconds * 1000,
    versions: [{ ...version, status: 'active', activatedAtMs: nowMs, ...received }],
    audit: { sequence: event.sequence, hash: event.hash },
    revision: 1,
    firstUsesMs: {},
    firstRefusalsMs: {},
  };
  return { record, key, event };
}
