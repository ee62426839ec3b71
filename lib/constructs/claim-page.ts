/** The page at which owners take their keys by a link: the function, and its routes. */
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ClaimEnv } from '../../lambdas/functions/claim/env.ts';
import { CLAIM_PATH } from '../../rules/delivery-paths.ts';
import type { DeliveryApi } from './delivery-api.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';

export interface ClaimPageProps {
  readonly api: DeliveryApi;
  readonly store: KeyStore;
  readonly notifies: boolean;
  /** Takings that are tried a second, right or wrong. */
  readonly triesPerSecond: number;
  readonly logRetention: RetentionDays;
}

export class ClaimPage extends Construct {
  constructor(scope: Construct, id: string, props: ClaimPageProps) {
    super(scope, id);
    const { api, store, notifies, triesPerSecond, logRetention } = props;
    const fn = new NodeFunction<ClaimEnv>(this, 'Fn', {
      entry: 'lambdas/functions/claim/handler.ts',
      description: 'Keyturn: owners take their keys by a link',
      memoryMegabytes: 512,
      timeout: Duration.seconds(10),
      logRetention,
      environment: {
        TABLE_NAME: store.table.tableName,
        SEAL_KEY_ID: store.sealKey.keyArn,
        NOTIFIES: String(notifies),
      },
    });
    store.grantTaking(fn);
    const route = { path: `/${CLAIM_PATH}/{keyId}/{token}`, function: fn.function };
    for (const method of ['GET', 'HEAD'] as const) api.addRoute({ ...route, method });
    api.addRoute({ ...route, method: 'POST', requestsPerSecond: triesPerSecond });
  }
}
