/** Where clients reach a protected API. */
import { Aws } from 'aws-cdk-lib';
import type { CfnStage, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';

/**
 * By the stage's written-out name: a reference to the stage would make whoever knows the address depend on every route,
 * and on all that serves it.
 */
export function restApiAddress(api: RestApi): string | undefined {
  const stage = api.deploymentStage?.node.defaultChild as CfnStage | undefined;
  return (
    stage?.stageName &&
    `https://${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${stage.stageName}/`
  );
}

/** Of its default stage, if it has one. */
export const httpApiAddress = (api: HttpApi): string | undefined =>
  api.defaultStage && `https://${api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/`;
