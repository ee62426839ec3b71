/** The API that brings new keys to their owners: a small REST API of the stack's own. Routes are added by what serves them. */
import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  type CfnStage,
  EndpointType,
  type IAuthorizer,
  type JsonSchema,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type RequestValidator,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DeliveryApiSettings } from '../delivery-config.ts';

export interface DeliveryApiProps {
  readonly settings: DeliveryApiSettings;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export interface DeliveryRoute {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** From the root, such as `/renewals/{keyId}`. */
  readonly path: string;
  readonly function: IFunction;
  /** What a JSON body must be; whatever its content type says, it is checked as one. */
  readonly body?: JsonSchema;
  /** Who must say yes first. Default: nobody, the function decides. */
  readonly authorizer?: IAuthorizer;
  /** Whether pages of any origin may call it. */
  readonly crossOrigin?: boolean;
  /** Taken from all clients together by this method alone. Default: as many as by every other. */
  readonly requestsPerSecond?: number;
}

/** Written out: the name of the stage itself would make whoever knows the address depend on every route. */
const STAGE = 'keys';

/** By the route's pattern: paths hold ids and tokens, and headers hold keys. */
const LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    address: AccessLogField.contextIdentitySourceIp(),
    method: AccessLogField.contextHttpMethod(),
    route: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    error: AccessLogField.contextErrorResponseType(),
    responseLength: AccessLogField.contextResponseLength(),
    responseLatency: AccessLogField.contextResponseLatency(),
  }),
);

export class DeliveryApi extends Construct {
  readonly rest: RestApi;
  /** Where clients reach it, without a slash at the end. */
  readonly url: string;
  readonly #validator: RequestValidator;

  constructor(scope: Construct, id: string, { settings, logRetention, removalPolicy }: DeliveryApiProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.rest = new RestApi(this, 'Rest', {
      description: 'Keyturn: new keys on their way to their owners',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: settings.cloudWatchRole,
      ...(settings.cloudWatchRole ? { cloudWatchRoleRemovalPolicy: removalPolicy } : {}),
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: settings.requestsPerSecond,
        throttlingBurstLimit: settings.requestsPerSecond * 2,
        // Would name whole paths.
        loggingLevel: MethodLoggingLevel.OFF,
        accessLogDestination: new LogGroupLogDestination(logs),
        accessLogFormat: LOG_FORMAT,
      },
    });
    this.url = settings.url ?? this.#ownUrl();
    this.#validator = this.rest.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    this.#addGatewayResponses();
    this.#acknowledge();
  }

  addRoute({
    method,
    path,
    body,
    authorizer,
    crossOrigin,
    requestsPerSecond,
    ...route
  }: DeliveryRoute): void {
    const resource = this.rest.root.resourceForPath(path);
    const model = body && this.rest.addModel(modelName(method, path), { schema: body });
    resource.addMethod(method, new LambdaIntegration(route.function, { allowTestInvoke: false }), {
      requestValidator: this.#validator,
      // A body of a content type that is not named would pass unchecked.
      ...(model ? { requestModels: { 'application/json': model, $default: model } } : {}),
      ...(authorizer ? { authorizer } : {}),
    });
    if (requestsPerSecond !== undefined) this.#throttle(method, path, requestsPerSecond);
    if (crossOrigin) {
      resource.addCorsPreflight({
        allowOrigins: ['*'],
        allowMethods: [method],
        allowHeaders: ['authorization', 'content-type'],
      });
    }
  }

  /** Settings of one method take the place of the stage's, all of them. */
  #throttle(httpMethod: string, path: string, requestsPerSecond: number): void {
    const stage = this.rest.deploymentStage.node.defaultChild as CfnStage;
    const [settings] = stage.methodSettings as CfnStage.MethodSettingProperty[];
    stage.methodSettings = [
      ...(stage.methodSettings as CfnStage.MethodSettingProperty[]),
      {
        ...settings,
        httpMethod,
        // As CloudFormation wants the slashes.
        resourcePath: `/${path.replaceAll('/', '~1')}`,
        throttlingRateLimit: requestsPerSecond,
        throttlingBurstLimit: requestsPerSecond * 2,
      },
    ];
  }

  /** `keyturn:gatewayUrl` in the context says where API Gateway answers that is not AWS's: on the local cloud. */
  #ownUrl(): string {
    const gateway = this.node.tryGetContext('keyturn:gatewayUrl') as string | undefined;
    const { restApiId } = this.rest;
    return gateway === undefined
      ? `https://${restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${STAGE}`
      : `${gateway}/${restApiId}/${STAGE}`;
  }

  /** Nothing that this API says may be kept, and pages must be able to read why they were refused. */
  #addGatewayResponses(): void {
    const responseHeaders = {
      'Cache-Control': "'no-store'",
      'X-Content-Type-Options': "'nosniff'",
      'Access-Control-Allow-Origin': "'*'",
    };
    const templates = {
      'application/json':
        '{"error":"$context.error.responseType","message":$context.error.messageString,"requestId":"$context.requestId"}',
    };
    const add = (id: string, type: ResponseType, statusCode?: string) =>
      this.rest.addGatewayResponse(id, {
        type,
        responseHeaders,
        templates,
        ...(statusCode === undefined ? {} : { statusCode }),
      });
    add('Refused', ResponseType.DEFAULT_4XX);
    add('Failed', ResponseType.DEFAULT_5XX);
    // API Gateway says 403 for a path that is not there.
    add('NotFound', ResponseType.MISSING_AUTHENTICATION_TOKEN, '404');
  }

  #acknowledge(): void {
    const byTheFunction =
      'The proof or the token in the request decides, which the function behind it checks.';
    Validations.of(this.rest).acknowledge(
      { id: 'AwsSolutions-APIG4', reason: byTheFunction },
      { id: 'AwsSolutions-COG4', reason: byTheFunction },
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'Throttled as a whole; whether a web application firewall stands before it is for its owner to decide.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'Execution logs would hold whole paths, and a path may hold a token. Access logs name the route.',
      },
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
        reason: "API Gateway's own role for logs, which is one for the whole account.",
      },
    );
  }
}

/** Models have names of letters and digits. */
const modelName = (method: string, path: string): string =>
  `${method}${path}`.replaceAll(/[^A-Za-z0-9]/g, '');
