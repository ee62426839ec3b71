/** What each route does, and what it says of it in the log. */
import { RENEWALS_PATH } from '../../../rules/delivery-paths.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { CHALLENGE_LIFETIME_SECONDS, makeChallenge } from '../../core/use-cases/challenges.ts';
import { proposeRenewalKey } from '../../core/use-cases/propose-renewal-key.ts';
import { type RenewDeps, renewKey } from '../../core/use-cases/renew-key.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { answer, BAD_REQUEST, proposalAnswer, renewalAnswer } from './answers.ts';
import { authorizedVersion, callerIn, proofIn, type RenewalEvent } from './request.ts';

export interface RouteDeps extends RenewDeps {
  readonly deliveryUrl: string;
}

export interface Routed {
  readonly answer: HttpAnswer;
  readonly outcome: string;
  readonly metric?: 'KeysRenewed' | 'RenewalsRefused' | 'RenewalKeysProposed';
  /** Why it was refused; never answered. */
  readonly fault?: string;
  readonly version?: number;
}

type Route = (deps: RouteDeps, event: RenewalEvent, keyId: string) => Promise<Routed>;

/** By the route's pattern. */
const ROUTES: ReadonlyMap<string, Route> = new Map([
  [`/${RENEWALS_PATH}/{keyId}/challenge`, challenge],
  [`/${RENEWALS_PATH}/{keyId}`, renew],
  [`/${RENEWALS_PATH}/{keyId}/proposal`, propose],
]);

export async function routed(deps: RouteDeps, event: RenewalEvent): Promise<Routed> {
  const route = ROUTES.get(event.resource);
  const keyId = event.pathParameters?.['keyId'];
  return route && isKeyId(keyId)
    ? route(deps, event, keyId)
    : { answer: BAD_REQUEST, outcome: 'bad-request' };
}

/** Nothing is read or written for it: whether there is such a key is not asked. */
async function challenge(deps: RouteDeps, _event: RenewalEvent, keyId: string): Promise<Routed> {
  const made = await makeChallenge(deps, { keyId, audience: audienceOf(deps, keyId) });
  const body = { challenge: made, expiresIn: CHALLENGE_LIFETIME_SECONDS };
  return { answer: answer(200, body), outcome: 'challenged' };
}

async function renew(deps: RouteDeps, event: RenewalEvent, keyId: string): Promise<Routed> {
  const outcome = await renewKey(deps, {
    keyId,
    audience: audienceOf(deps, keyId),
    proof: proofIn(event),
    actor: actorOf(event, 'unproven'),
    origin: callerIn(event),
  });
  const routed = { answer: renewalAnswer(outcome), outcome: outcome.outcome };
  switch (outcome.outcome) {
    case 'renewed':
      return {
        ...routed,
        metric: 'KeysRenewed',
        version: outcome.version,
        ...(outcome.again ? { outcome: 'renewed-again' } : {}),
      };
    case 'refused':
      return { ...routed, metric: 'RenewalsRefused', fault: outcome.fault };
    default:
      return routed;
  }
}

async function propose(deps: RouteDeps, event: RenewalEvent, keyId: string): Promise<Routed> {
  const version = authorizedVersion(event, keyId);
  if (version === undefined) {
    return { answer: proposalAnswer({ outcome: 'other-key' }), outcome: 'other-key' };
  }
  const caller = callerIn(event);
  const outcome = await proposeRenewalKey(deps, {
    keyId,
    version,
    audience: audienceOf(deps, keyId),
    proof: proofIn(event),
    ...caller,
    actor: actorOf(event, `key:${keyId} version ${version}`),
  });
  const routed = { answer: proposalAnswer(outcome), outcome: outcome.outcome, version };
  if (outcome.outcome === 'refused') return { ...routed, metric: 'RenewalsRefused', fault: outcome.fault };
  return outcome.outcome === 'proposed' ? { ...routed, metric: 'RenewalKeysProposed' } : routed;
}

/** The address without what follows the id: a challenge serves either purpose, and the proof's `typ` tells which. */
const audienceOf = ({ deliveryUrl }: RouteDeps, keyId: string): string =>
  `${deliveryUrl}/${RENEWALS_PATH}/${keyId}`;

const actorOf = ({ requestContext }: RenewalEvent, principal: string) => ({
  principal,
  via: 'renewal',
  requestId: requestContext.requestId,
});
