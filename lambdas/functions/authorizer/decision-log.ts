/** One line a decision, which carries the metrics too (CloudWatch embedded metric format). Never the key. */
import type { Logger } from '@aws-lambda-powertools/logger';
import type { MetricName } from '../../../rules/metrics.ts';
import type { AuthorizationDecision } from '../../core/domain/authorization.ts';
import { PepperFault } from '../../core/domain/errors.ts';
import { isWrongKey } from '../../core/domain/wrong-key.ts';
import { embeddedMetrics } from '../embedded-metrics.ts';

const METRIC_OF = { allowed: 'Allowed', unauthenticated: 'Unauthenticated', forbidden: 'Forbidden' } as const;

export function logDecision(logger: Logger, decision: AuthorizationDecision, requestId: string): void {
  const metrics: MetricName[] = [METRIC_OF[decision.outcome]];
  if (decision.outcome === 'unauthenticated') {
    const { reason, keyId, version: keyVersion } = decision;
    if (isWrongKey(reason)) metrics.push('WrongKeys');
    if (reason === 'retired') metrics.push('RetiredKeyUse');
    const line = { outcome: decision.outcome, reason, keyId, keyVersion, requestId, ...embedded(metrics) };
    // Its secret matches a retired version: somebody still holds it.
    if (reason === 'retired') logger.warn('A retired key was used', line);
    else logger.info('decision', line);
    return;
  }
  const { keyId, version: keyVersion, versionStatus: keyStatus } = decision.identity;
  if (keyStatus === 'deprecating' && decision.outcome === 'allowed') metrics.push('DeprecatingKeyUse');
  const reason = decision.outcome === 'forbidden' ? { reason: decision.reason } : {};
  logger.info('decision', {
    outcome: decision.outcome,
    ...reason,
    keyId,
    keyVersion,
    keyStatus,
    requestId,
    ...embedded(metrics),
  });
}

/** The system is at fault, not the caller. The error's message never quotes a request. */
export function logFault(logger: Logger, error: unknown): void {
  const { name, message } = error instanceof Error ? error : { name: 'Unknown', message: typeof error };
  logger.error('The request could not be decided', {
    fault: name,
    cause: message,
    ...embedded(error instanceof PepperFault ? ['AuthorizerFault', 'PepperFault'] : ['AuthorizerFault']),
  });
}

const embedded = (metrics: readonly MetricName[]): Record<string, unknown> =>
  embeddedMetrics(Object.fromEntries(metrics.map((name) => [name, 1])), Date.now());
