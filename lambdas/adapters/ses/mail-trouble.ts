/** What SES says, in words for an operator: why nothing goes out, and the mend. Never what the mail holds. */

import { HOUR_MS } from '../../../rules/time-units.ts';
import type { SendOutcome } from '../../core/ports/notices.ts';

export const BAD_RECIPIENT =
  "Amazon SES does not take the owner's address. It must be ASCII and have a domain: issue the key to another.";

/** SES counts by the second. */
const RATE_PAUSE_MS = 10_000;
/** What the quota of a day allows comes back bit by bit. */
const QUOTA_PAUSE_MS = HOUR_MS;

/** Until somebody changes something, as far as SES's answer says so. */
const LASTING: Readonly<Record<string, (from: string, message: string) => string>> = {
  MessageRejected: (from, message) =>
    /not verified/i.test(message) ? notVerified(from, message) : `Amazon SES rejected the mail from ${from}.`,
  MailFromDomainNotVerifiedException: (from) =>
    `The MAIL FROM domain of ${from} is not verified in Amazon SES. Set its MX record as SES shows it.`,
  AccountSendingPausedException: () =>
    'Amazon SES has paused sending for this account. See its reputation page, and resume it there.',
  ConfigurationSetSendingPausedException: () =>
    'Sending is paused for the configuration set of this deployment. Resume it in Amazon SES.',
  ConfigurationSetDoesNotExist: () =>
    'The configuration set of this deployment does not exist in Amazon SES. Deploy the stack again.',
  InvalidParameterValue: () => BAD_RECIPIENT,
  AccessDenied: (from) =>
    `The function may not send as ${from}. Let its role use the identity and the configuration set.`,
};

/** Of SES's answer alone: both names are in use. */
const ALIASES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  ConfigurationSetDoesNotExistException: 'ConfigurationSetDoesNotExist',
};

/** In the sandbox recipients must be verified too: SES names those that are not. */
function notVerified(from: string, message: string): string {
  const named = message.split(/:\s*/).at(-1) ?? '';
  return named.includes(from) || !named.includes('@')
    ? `The sender ${from} is not verified in Amazon SES, in this Region. Verify it or its domain there.`
    : 'Amazon SES is in its sandbox for this account, where it sends to verified addresses only. Ask AWS for production access.';
}

/** @returns undefined for what may pass when it is tried again */
export function lastingTrouble(error: unknown, from: string): string | undefined {
  const { name, message } = error as Error;
  return LASTING[ALIASES[name] ?? name]?.(from, message);
}

/**
 * A throttle, or an answer that was lost, in a sentence of its own: what SES says may name the recipient. SES has not
 * taken what it throttles; of everything else its events say whether it has.
 */
export function passingTrouble(error: unknown): Extract<SendOutcome, { outcome: 'later' | 'unknown' }> {
  const { name, message } = error as Error;
  if (!/throttl|too ?many ?requests/i.test(name)) {
    const why = `Amazon SES could not be reached or did not answer as it should (${name}).`;
    return { outcome: 'unknown', why };
  }
  return /quota/i.test(message)
    ? {
        outcome: 'later',
        why: 'The daily quota of Amazon SES is used up. It frees up within 24 hours; ask AWS for more.',
        afterMs: QUOTA_PAUSE_MS,
        throttled: true,
      }
    : {
        outcome: 'later',
        why: 'Amazon SES takes no more mail at this rate at the moment.',
        afterMs: RATE_PAUSE_MS,
        throttled: true,
      };
}
