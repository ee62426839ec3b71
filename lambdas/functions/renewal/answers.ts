/** Outcomes as HTTP answers. A refusal is one answer, whatever its reason. */
import type { ProposeOutcome } from '../../core/use-cases/propose-renewal-key.ts';
import type { RenewOutcome } from '../../core/use-cases/renew-key.ts';
import type { HttpAnswer } from '../http-answer.ts';

/** Any page may read the answers: there are no cookies here, and what is secret is encrypted. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
};

export const answer = (statusCode: number, body: Readonly<Record<string, unknown>>): HttpAnswer => ({
  statusCode,
  headers: HEADERS,
  body: JSON.stringify(body),
});

export const problem = (statusCode: number, error: string, message: string): HttpAnswer =>
  answer(statusCode, { error, message });

const REFUSED = problem(401, 'refused', 'The proof is not accepted.');

export const BAD_REQUEST = problem(400, 'bad_request', 'That is no request to this address.');

export const FAULT = problem(500, 'fault', 'The request could not be carried out. Try again.');

export function renewalAnswer(outcome: RenewOutcome): HttpAnswer {
  switch (outcome.outcome) {
    case 'renewed':
      return answer(200, { jwe: outcome.jwe });
    case 'nothing-waits':
      return problem(409, 'nothing_waits', 'No new key waits: none was made, or it is in use already.');
    case 'refused':
      return REFUSED;
  }
}

export function proposalAnswer(outcome: ProposeOutcome | { readonly outcome: 'other-key' }): HttpAnswer {
  switch (outcome.outcome) {
    case 'proposed':
      return answer(202, {
        thumbprint: outcome.thumbprint,
        expiresAt: new Date(outcome.expiresAtMs).toISOString(),
      });
    case 'registered':
      return answer(200, { thumbprint: outcome.thumbprint });
    case 'refused':
      return REFUSED;
    case 'other-key':
      return problem(403, 'other_key', 'The API key of the request is another one.');
    case 'not-active':
      return problem(409, 'not_active', 'Propose with the version of the key that is active.');
    case 'another-waits':
      return problem(409, 'another_waits', 'Another public key waits for the operator, who can reject it.');
    case 'delivered-otherwise':
      return problem(
        409,
        'delivered_otherwise',
        'The new versions of this key go to where its client reads them.',
      );
  }
}
