/** Renewal by the client itself: the function, its routes, and who must hold a key to propose a public key. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnAuthorizer,
  type IAuthorizer,
  type JsonSchema,
  JsonSchemaType,
  JsonSchemaVersion,
} from 'aws-cdk-lib/aws-apigateway';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { RenewalEnv } from '../../lambdas/functions/renewal/env.ts';
import { LONGEST_BODY, RENEWALS_PATH } from '../../rules/delivery-paths.ts';
import { resolveProtection } from '../protection.ts';
import { Authorizer } from './authorizer.ts';
import { allowInvocation, authorizerName, authorizerUri } from './authorizer-wiring.ts';
import type { DeliveryApi } from './delivery-api.ts';
import type { KeyStore } from './key-store.ts';
import { NodeFunction } from './node-function.ts';

export interface RenewalProps {
  readonly api: DeliveryApi;
  readonly store: KeyStore;
  readonly notifies: boolean;
  readonly prefix: string;
  readonly wrongKeyWindowSeconds: number;
  readonly logRetention: RetentionDays;
}

const PROOF: JsonSchema = {
  schema: JsonSchemaVersion.DRAFT4,
  type: JsonSchemaType.OBJECT,
  required: ['proof'],
  additionalProperties: false,
  properties: { proof: { type: JsonSchemaType.STRING, minLength: 1, maxLength: LONGEST_BODY } },
};

export class Renewal extends Construct {
  /** That challenges are made under, and, by a label of their own, the codes of unsubscribe links. */
  readonly challenges: Secret;

  constructor(scope: Construct, id: string, props: RenewalProps) {
    super(scope, id);
    const { api, store } = props;
    const challenges = this.#challengeSecret(store);
    this.challenges = challenges;
    const fn = new NodeFunction<RenewalEnv>(this, 'Fn', {
      entry: 'lambdas/functions/renewal/handler.ts',
      description: 'Keyturn: clients renew their keys by themselves',
      memoryMegabytes: 512,
      timeout: Duration.seconds(10),
      logRetention: props.logRetention,
      environment: {
        TABLE_NAME: store.table.tableName,
        SEAL_KEY_ID: store.sealKey.keyArn,
        NOTIFIES: String(props.notifies),
        CHALLENGE_SECRET_ID: challenges.secretArn,
        DELIVERY_URL: api.url,
      },
    });
    store.grantTaking(fn);
    fn.allow({ actions: ['secretsmanager:GetSecretValue'], resources: [challenges.secretArn] });
    const route = { method: 'POST', function: fn.function, crossOrigin: true } as const;
    const path = `/${RENEWALS_PATH}/{keyId}`;
    api.addRoute({ ...route, path: `${path}/challenge` });
    api.addRoute({ ...route, path, body: PROOF });
    const authorizer = this.#authorizer(props);
    api.addRoute({ ...route, path: `${path}/proposal`, body: PROOF, authorizer });
  }

  /**
   * Of no worth beyond the two minutes of a challenge, and the links by which addresses leave kinds of mail: it may be
   * replaced, and lost, at any time.
   */
  #challengeSecret(store: KeyStore): Secret {
    const secret = new Secret(this, 'ChallengeSecret', {
      description:
        'Keyturn: the secret of challenges to renewing clients and of unsubscribe links. Any value will do.',
      encryptionKey: store.dataKey,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Challenges live for two minutes and answer one question each: who learns it still needs the private key of a client. With it an address could be unsubscribed from mails that are not safety-critical.',
    });
    return secret;
  }

  /** A public key is proposed by who holds the API key: the same authorizer as before any API, which remembers nothing. */
  #authorizer({ api, store, prefix, wrongKeyWindowSeconds, logRetention }: RenewalProps): IAuthorizer {
    const { rest } = api;
    const { function: authorizer } = new Authorizer(this, 'Authorizer', {
      store,
      prefix,
      protection: resolveProtection({ toolScopes: 'off' }, false),
      answer: 'policy',
      memorySeconds: 0,
      flushSeconds: 0,
      wrongKeyWindowSeconds,
      logRetention,
    });
    const properties = {
      name: authorizerName(this),
      type: 'REQUEST',
      restApiId: rest.restApiId,
      authorizerUri: authorizerUri(authorizer),
      authorizerResultTtlInSeconds: 0,
    };
    const cfnAuthorizer = new CfnAuthorizer(this, 'GatewayAuthorizer', properties);
    allowInvocation(this, authorizer, rest.restApiId, cfnAuthorizer.ref);
    // A deployment is a copy: without this a change of the authorizer alone would never reach the stage.
    rest.latestDeployment?.node.addDependency(cfnAuthorizer);
    rest.latestDeployment?.addToLogicalId({ keyturn: properties });
    return { authorizerId: cfnAuthorizer.ref, authorizationType: AuthorizationType.CUSTOM };
  }
}
