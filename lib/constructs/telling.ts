/** Whatever tells of what happens: the event bus, security's topic, and the functions behind them, mails and webhooks. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { Outbox, type OutboxProps } from './outbox.ts';
import { Publishing } from './publishing.ts';
import { RotationObserver } from './rotation-observer.ts';
import { SecurityTopic } from './security-topic.ts';
import { Watch } from './watch.ts';

export interface TellingProps extends Pick<OutboxProps, 'store' | 'mail' | 'webhooks'> {
  /** Absent: the stack's own is made. */
  readonly securityTopic: ITopic | undefined;
  readonly wrongKeyWindowSeconds: number;
  readonly countLagSeconds: number;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export interface Telling {
  readonly bus: EventBus;
  readonly securityTopic: ITopic;
  readonly publishing: Publishing;
}

/** In the scope itself: a construct around them would change the ids of what is deployed. */
export function addTelling(scope: Construct, props: TellingProps): Telling {
  const { store, mail, webhooks, wrongKeyWindowSeconds, countLagSeconds, logRetention } = props;
  const watch = new Watch(scope, 'Watch', { store, wrongKeyWindowSeconds, logRetention });
  const { bus } = new RotationObserver(scope, 'Observer', { watch, store, countLagSeconds, logRetention });
  const security = new SecurityTopic(scope, 'Security', {
    topic: props.securityTopic,
    removalPolicy: props.removalPolicy,
  });
  const publishing = new Publishing(scope, 'Publishing', { store, bus, watch, logRetention });
  new Outbox(scope, 'Outbox', { store, mail, webhooks, security, logRetention });
  return { bus, securityTopic: security.topic, publishing };
}
