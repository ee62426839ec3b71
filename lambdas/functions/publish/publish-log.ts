/** What could not be told, as a line of log: which events, and why. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { TellDeps } from '../../core/use-cases/tell-events.ts';
import { faultOf } from '../fault.ts';

/** Chains and numbers say which events: what is in them is theirs. */
export const publishLog =
  (logger: Pick<Logger, 'error'>): TellDeps['onFailure'] =>
  (teller, untold, error) =>
    logger.error('Events could not be told, and will be told again', {
      teller,
      events: untold.map(({ chain, sequence }) => `${chain}#${sequence}`),
      ...(error === undefined ? {} : faultOf(error)),
    });
