/** From where a request comes, as API Gateway says. */
import { cutText, parseFreeText } from '../../rules/free-text.ts';
import type { Origin } from '../core/domain/audit-event.ts';

/** As payload 1.0 of a REST API has it. */
export interface RequestIdentity {
  readonly sourceIp?: string;
  readonly userAgent?: string | null;
}

const LONGEST_USER_AGENT = 256;

/** Goes on record: a name that holds a key, or would forge a line of a log, is left out. */
export function requestOrigin({ sourceIp, userAgent }: RequestIdentity = {}): Origin {
  const cut = cutText(userAgent ?? '', LONGEST_USER_AGENT);
  const stated = parseFreeText(cut, 'User-Agent', LONGEST_USER_AGENT);
  return {
    ...(sourceIp === undefined ? {} : { address: sourceIp }),
    ...(stated.ok ? { userAgent: stated.value } : {}),
  };
}
