/** The page at which an address leaves a kind of mail: the function, and its routes. */
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { UnsubscribeEnv } from '../../lambdas/functions/unsubscribe/env.ts';
import { UNSUBSCRIBE_PATH } from '../../rules/delivery-paths.ts';
import type { DeliveryApi } from './delivery-api.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';

export interface UnsubscribePageProps {
  readonly api: DeliveryApi;
  readonly store: KeyStore;
  /** That the codes of links are made from. */
  readonly linkSecret: Secret;
  readonly changesPerSecond: number;
  readonly logRetention: RetentionDays;
}

export class UnsubscribePage extends Construct {
  constructor(scope: Construct, id: string, props: UnsubscribePageProps) {
    super(scope, id);
    const { api, store, linkSecret, changesPerSecond, logRetention } = props;
    const fn = new NodeFunction<UnsubscribeEnv>(this, 'Fn', {
      entry: 'lambdas/functions/unsubscribe/handler.ts',
      description: 'Keyturn: addresses leave kinds of mail',
      memoryMegabytes: 256,
      timeout: Duration.seconds(10),
      logRetention,
      environment: { TABLE_NAME: store.table.tableName, LINK_SECRET_ID: linkSecret.secretArn },
    });
    store.telling.grantOwnerSettings(fn);
    fn.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [linkSecret.secretArn] });
    const route = { path: `/${UNSUBSCRIBE_PATH}/{kind}/{address}/{code}`, function: fn.function };
    for (const method of ['GET', 'HEAD'] as const) api.addRoute({ ...route, method });
    api.addRoute({ ...route, method: 'POST', requestsPerSecond: changesPerSecond });
  }
}
