/** The stack that `npx cdk deploy` makes: the keys, and an example MCP server behind both kinds of API. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { topicByArn } from './alarm-topic.ts';
import { ApiKeyLifecycle } from './api-key-lifecycle.ts';
import type { ApiKeyLifecycleProps } from './api-key-lifecycle-props.ts';
import { ExampleApi } from './example-api.ts';

export interface KeyturnStackProps extends StackProps {
  readonly keys?: ApiKeyLifecycleProps;
  /** Of a topic that exists, instead of `keys.alarmTopic`. */
  readonly alarmTopicArn?: string;
}

export class KeyturnStack extends Stack {
  readonly keys: ApiKeyLifecycle;

  constructor(scope: Construct, id: string, props: KeyturnStackProps = {}) {
    super(scope, id, props);
    const example = new ExampleApi(this, 'Example');
    const { alarmTopicArn } = props;
    this.keys = new ApiKeyLifecycle(this, 'Keys', {
      ...props.keys,
      ...(alarmTopicArn === undefined ? {} : { alarmTopic: topicByArn(this, 'AlarmTopic', alarmTopicArn) }),
      secrets: { endpoint: example.rest.urlForPath('/mcp'), ...props.keys?.secrets },
    });
    // The Region's role for logs of API Gateway, which the example's logs need too.
    const account = this.keys.deliveryApi.node.tryFindChild('Account');
    if (account) example.rest.deploymentStage.node.addDependency(account);
    this.keys.protectRestApi(example.rest, { toolScopes: 'backend', realm: 'mcp' });
    this.keys.protectHttpApi(example.http, { toolScopes: 'backend' });
    new CfnOutput(this, 'McpRestUrl', { value: example.rest.urlForPath('/mcp') });
    new CfnOutput(this, 'McpHttpUrl', { value: `${example.http.apiEndpoint}/mcp` });
  }
}
