/** What is done for each request, and what the log says of it. */
import { CLAIM_PATH } from '../../../rules/delivery-paths.ts';
import { isKeyId } from '../../core/domain/key-format.ts';
import { type DisputeDeps, disputeClaim } from '../../core/use-cases/dispute-claim.ts';
import type { RefusedLink } from '../../core/use-cases/refuse-link.ts';
import { type LinkDeps, type LinkRequest, takeByLink } from '../../core/use-cases/take-by-link.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { answer } from './answers.ts';
import { keyPage } from './page/key-page.ts';
import { NOT_FROM_HERE, TOO_MANY_TRIES, WRONG_LINK } from './page/refusal-pages.ts';
import { reportedPage, spentPage } from './page/spent-pages.ts';
import { startPage } from './page/start-page.ts';
import { actionIn, type ClaimEvent, isFromElsewhere, visitorOf } from './request.ts';

export type RouteDeps = LinkDeps & DisputeDeps;

export interface Routed {
  readonly answer: HttpAnswer;
  readonly outcome: string;
  readonly metric?: 'KeysClaimed' | 'ClaimsRefused';
  /** Of the shape of one: what else was asked for is not logged. */
  readonly keyId?: string;
  readonly version?: number;
  /** Answered as late as every other one. */
  readonly refused?: boolean;
}

const ROUTE = `/${CLAIM_PATH}/{keyId}/{token}`;
const START = { answer: answer(200, startPage()), outcome: 'start' } as const;
/** Nothing is read for it: whether a link is good, or was, is told to nobody who has not pressed the button. */
const HEAD = { ...START, answer: { ...START.answer, body: '' } } as const;
const MISUSED = { answer: answer(400, NOT_FROM_HERE), outcome: 'bad-request' } as const;
const WRONG = {
  answer: answer(404, WRONG_LINK),
  outcome: 'wrong',
  metric: 'ClaimsRefused',
  refused: true,
} as const;

export async function routed(deps: RouteDeps, event: ClaimEvent): Promise<Routed> {
  if (event.resource !== ROUTE) return MISUSED;
  if (event.httpMethod === 'GET') return START;
  if (event.httpMethod === 'HEAD') return HEAD;
  const action = actionIn(event);
  if (event.httpMethod !== 'POST' || isFromElsewhere(event) || !isAction(action)) return MISUSED;
  const { keyId, token } = event.pathParameters ?? {};
  if (!isKeyId(keyId) || token === undefined) return WRONG;
  return ACTIONS[action](deps, { keyId, token, ...visitorOf(event) });
}

const ACTIONS = { show, report } as const;

const isAction = (action: string | undefined): action is keyof typeof ACTIONS =>
  action !== undefined && Object.hasOwn(ACTIONS, action);

async function show(deps: RouteDeps, request: LinkRequest): Promise<Routed> {
  const link = await takeByLink(deps, request);
  const { keyId } = request;
  switch (link.outcome) {
    case 'wrong':
    case 'too-many':
      return refused(link, keyId);
    case 'claimed': {
      const { key, about } = link;
      const { version } = about;
      const shown = answer(200, keyPage(key, about));
      return { answer: shown, outcome: 'claimed', metric: 'KeysClaimed', keyId, version };
    }
    default:
      return {
        answer: answer(410, spentPage(link)),
        outcome: link.outcome,
        keyId,
        version: link.version,
      };
  }
}

async function report(deps: RouteDeps, request: LinkRequest): Promise<Routed> {
  const claim = await disputeClaim(deps, request);
  const { keyId } = request;
  switch (claim.outcome) {
    case 'wrong':
    case 'too-many':
      return refused(claim, keyId);
    case 'not-taken':
      return { ...START, outcome: 'not-taken', keyId, version: claim.version };
    case 'disputed':
      return {
        answer: answer(200, reportedPage(claim.disputedAtMs)),
        outcome: claim.again ? 'disputed-again' : 'disputed',
        keyId,
        version: claim.version,
      };
  }
}

const refused = (link: RefusedLink, keyId: string): Routed =>
  link.outcome === 'wrong'
    ? { ...WRONG, keyId }
    : {
        ...WRONG,
        answer: answer(429, TOO_MANY_TRIES, { 'retry-after': String(link.retryAfterSeconds) }),
        outcome: 'too-many',
        keyId,
      };
