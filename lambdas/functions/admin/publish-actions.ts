/** Operators have events told again that could not be told when they happened. */
import type { Publisher } from '../../core/ports/publisher.ts';
import type { Answer } from './actions.ts';
import { type AuditAdminDeps, auditEvents } from './audit-actions.ts';
import { failure, success } from './outcomes.ts';
import type { PublishEventsInput } from './publish-contract.ts';

export interface PublishAdminDeps extends AuditAdminDeps {
  readonly publisher: Publisher;
}

/** What one call of a function takes and answers in time. */
const PAGE = 500;

/** One page of the period. Safe to repeat: events carry their hash, alerts and webhooks their own id. */
export async function publishEvents(
  { publisher, ...deps }: PublishAdminDeps,
  { from, to, nextToken }: PublishEventsInput,
): Answer<'publish-events'> {
  if (from === undefined) {
    return failure(
      'bad-request',
      'The period has no beginning.',
      'Give "from": a day, a time, or a duration back from now.',
    );
  }
  const given = Object.entries({ from, to, nextToken }).filter(([, value]) => value !== undefined);
  const page = await auditEvents(deps, { ...Object.fromEntries(given), limit: PAGE });
  if (!page.ok) return page;
  const { events, nextToken: next } = page.result;
  const untold = events.length === 0 ? 0 : await publisher.again(events);
  return success({ told: events.length - untold, untold, nextToken: next });
}
