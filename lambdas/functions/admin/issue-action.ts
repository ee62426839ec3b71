/** An operator issues a key, and it goes to its owner for the first time. */
import type { Actor } from '../../core/domain/audit-event.ts';
import { issueKey } from '../../core/use-cases/issue-key.ts';
import { parseIssueOrder } from '../../core/use-cases/issue-order.ts';
import { noteFailure } from '../../core/use-cases/note-failure.ts';
import { offerVersion } from '../../core/use-cases/offer-version.ts';
import type { AdminDeps, Answer } from './actions.ts';
import type { IssueInput } from './contract.ts';
import { failureOf } from './delivery-standing.ts';
import { badRequest, success } from './outcomes.ts';
import { placeName } from './place-name.ts';
import { factsOfKey } from './views.ts';

export async function issue(deps: AdminDeps, input: IssueInput, actor: Actor): Answer<'issue'> {
  const order = parseIssueOrder({ ...input }, deps.policies, deps.account);
  if (!order.ok) return badRequest(order);
  const { record, key } = await issueKey(deps, order.value, actor);
  const printed = record.delivery === 'operator';
  const offer = printed ? undefined : await firstOffer(deps, record.keyId, actor);
  const place = await placeName(deps, record);
  return success({
    keyId: record.keyId,
    version: 1,
    ...factsOfKey(record),
    ...(place === undefined ? {} : { place }),
    ...(printed ? { key: key.reveal() } : {}),
    ...(record.destination?.kind === 'renewal' ? { thumbprint: record.destination.thumbprint } : {}),
    ...offer,
  });
}

/** The key is issued whatever becomes of its delivery, which can be repeated. */
async function firstOffer(deps: AdminDeps, keyId: string, actor: Actor) {
  try {
    const offered = await offerVersion(deps, keyId, { actor, takesLink: true });
    if (offered.outcome === 'undelivered') return { deliveryFailure: undelivered(offered.why) };
    return offered.outcome === 'offered' && offered.link ? { link: offered.link.reveal() } : {};
  } catch (error) {
    deps.onFailure(keyId, error);
    await noteFailure(deps, keyId, { actor, version: 1 }, failureOf(error));
    return { deliveryFailure: undelivered(failureOf(error)) };
  }
}

const undelivered = (why: string): string => `It could not be delivered: ${why}`;
