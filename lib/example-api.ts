/** The example: an MCP server as a Lambda function behind a Regional REST API and an HTTP API. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  LogGroupLogDestination as HttpLogDestination,
  HttpMethod,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { NodeFunction } from './constructs/node-function.ts';

export class ExampleApi extends Construct {
  readonly rest: RestApi;
  readonly http: HttpApi;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const server = new NodeFunction<object>(this, 'Server', {
      entry: 'examples/mcp-server/handler.ts',
      description: 'Keyturn: example MCP server',
      memoryMegabytes: 256,
      timeout: Duration.seconds(15),
      logRetention: RetentionDays.ONE_MONTH,
      environment: {},
    });
    this.rest = this.#restApi(server);
    this.http = this.#httpApi(server);
  }

  #accessLogs(id: string): LogGroup {
    return new LogGroup(this, id, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  #restApi(server: NodeFunction<object>): RestApi {
    const api = new RestApi(this, 'Rest', {
      description: 'Keyturn: example MCP server',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        loggingLevel: MethodLoggingLevel.ERROR,
        throttlingRateLimit: 100,
        throttlingBurstLimit: 200,
        accessLogDestination: new LogGroupLogDestination(this.#accessLogs('RestAccessLogs')),
        // Without headers: the key is in one of them.
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    api.root.addResource('mcp').addMethod('ANY', new LambdaIntegration(server.function));
    Validations.of(api).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'The body is JSON-RPC, which the MCP server itself validates against the schema of each tool.',
      },
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'An example: whether a web application firewall stands before the API is for its owner to decide.',
      },
      {
        id: 'AwsSolutions-COG4',
        reason: 'API keys are the point: the authorizer of Keyturn decides, not a Cognito user pool.',
      },
    );
    return api;
  }

  #httpApi(server: NodeFunction<object>): HttpApi {
    const api = new HttpApi(this, 'Http', {
      description: 'Keyturn: example MCP server',
      createDefaultStage: false,
    });
    api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 100, burstLimit: 200 },
      accessLogSettings: { destination: new HttpLogDestination(this.#accessLogs('HttpAccessLogs')) },
    });
    api.addRoutes({
      path: '/mcp',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Mcp', server.function),
    });
    return api;
  }
}
