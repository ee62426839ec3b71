/** Who is told of every event. Each tells for itself: one in trouble keeps no other from telling. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { documentClient } from '../../adapters/dynamodb/document-client.ts';
import { DynamoOutbox } from '../../adapters/dynamodb/dynamo-outbox.ts';
import { DynamoWebhooks } from '../../adapters/dynamodb/dynamo-webhooks.ts';
import { AuditEventBus } from '../../adapters/eventbridge/audit-event-bus.ts';
import type { AuditTeller } from '../../core/ports/audit-tellers.ts';
import { SecurityTeller } from '../../core/use-cases/tell-security.ts';
import { WebhookTeller } from '../../core/use-cases/tell-webhooks.ts';
import type { PublishEnv } from './env.ts';

export function connectTellers(
  env: Pick<PublishEnv, 'EVENT_BUS_NAME' | 'TABLE_NAME'>,
): readonly AuditTeller[] {
  const documents = documentClient();
  const outbox = new DynamoOutbox(documents, env.TABLE_NAME);
  return [
    new AuditEventBus(new EventBridgeClient({}), env.EVENT_BUS_NAME),
    new SecurityTeller(outbox),
    new WebhookTeller({ webhooks: new DynamoWebhooks(documents, env.TABLE_NAME), outbox }),
  ];
}
