/** Issues a key: its record with version 1 active, and the key itself to whoever asked. */
import type { Policy } from '../../../rules/policy.ts';
import { type Actor, CHAIN_START, chainEvent, headOf, keyChain } from '../domain/audit-event.ts';
import { newKeyId } from '../domain/key-format.ts';
import type { Destination, KeyRecord } from '../domain/key-record.ts';
import { noticesOfChange } from '../domain/notices-of-change.ts';
import type { Plaintext } from '../domain/plaintext.ts';
import type { Clock, RandomBytes } from '../ports/ambient.ts';
import type { KeySealer, SealedKey } from '../ports/key-sealer.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { Peppers } from '../ports/peppers.ts';
import { makeVersion, SEAL_LIFETIME_MS } from './generate-version.ts';
import { destinationFor } from './issue-destination.ts';
import type { IssueOrder } from './issue-order.ts';

export interface IssueDeps {
  readonly store: KeyStore;
  readonly sealer: Pick<KeySealer, 'seal'>;
  readonly peppers: Peppers;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly prefix: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

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
    const notices = deps.store.notifies ? noticesOfChange({ after: record, event }) : [];
    if ((await deps.store.insert(record, event, seal, notices)) === 'inserted') return { record, key };
  }
}

const sealFirst = (deps: IssueDeps, { keyId, environment }: KeyRecord, key: Plaintext): Promise<SealedKey> =>
  deps.sealer.seal(key, { keyId, version: 1, environment }, deps.clock() + SEAL_LIFETIME_MS);

async function draft(deps: IssueDeps, order: IssueOrder, actor: Actor) {
  const nowMs = deps.clock();
  const keyId = newKeyId(deps.randomBytes);
  const { key, version } = await makeVersion(deps, { keyId, environment: order.environment }, 1);
  const policy = deps.policies.get(order.policy) as Policy;
  const event = chainEvent(keyChain({ keyId, owner: order.owner }), CHAIN_START, {
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
    audit: headOf(event),
    revision: 1,
    firstUsesMs: {},
    firstRefusalsMs: {},
  };
  return { record, key, event };
}
