/** Who is told of every event. Each tells for itself: one in trouble keeps no other from telling. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { AuditEventBus } from '../../adapters/eventbridge/audit-event-bus.ts';
import type { AuditTeller } from '../../core/ports/audit-tellers.ts';
import type { PublishEnv } from './env.ts';

export const connectTellers = (env: PublishEnv): readonly AuditTeller[] => [
  new AuditEventBus(new EventBridgeClient({}), env.EVENT_BUS_NAME),
];
