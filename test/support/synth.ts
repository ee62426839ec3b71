/** Stacks for tests: synthesized as `cdk synth` does, by the settings of `cdk.json`, but without bundling. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LambdaIntegration, type Resource, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll } from 'vitest';
import { ApiKeyLifecycle } from '../../lib/api-key-lifecycle.ts';
import type { ApiKeyLifecycleProps } from '../../lib/api-key-lifecycle-props.ts';
import { KeyturnStack, type KeyturnStackProps } from '../../lib/keyturn-stack.ts';
import { CDK_CONTEXT } from './cdk-context.ts';

// The rules that the CDK checks every template against take longer than all the rest: the end-to-end tests have them on.
process.env['CDK_VALIDATION'] ??= 'false';

const assemblies = mkdtempSync(join(tmpdir(), 'keyturn-synth-'));
afterAll(() => rmSync(assemblies, { recursive: true, force: true }));

/** @param context settings beside or instead of those of `cdk.json` */
export const newApp = (context: Readonly<Record<string, unknown>> = CDK_CONTEXT): App =>
  new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
    outdir: mkdtempSync(join(assemblies, 'app-')),
  });

/** The stack of `npx cdk deploy`. */
export function keyturnTemplate(props: KeyturnStackProps = {}, app = newApp()): Template {
  return Template.fromStack(new KeyturnStack(app, 'Keyturn', props));
}

let deployed: Template | undefined;

/** The same with nothing configured, synthesized once. */
export function deployedTemplate(): Template {
  deployed ??= keyturnTemplate();
  return deployed;
}

export interface Bench {
  readonly app: App;
  readonly stack: Stack;
  readonly keys: ApiKeyLifecycle;
  readonly backend: LambdaFunction;
}

/** Keys in a stack of their own kind, with a backend for APIs, and no API yet. */
export function bench(props: ApiKeyLifecycleProps = {}, app = newApp(), name = 'Own'): Bench {
  const stack = new Stack(app, name);
  return { app, stack, keys: new ApiKeyLifecycle(stack, 'Keys', props), backend: backendIn(stack) };
}

export const backendIn = (stack: Stack): LambdaFunction =>
  new LambdaFunction(stack, 'Backend', {
    code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });

/** A REST API with `GET /orders`. */
export function restApi(
  stack: Stack,
  backend: LambdaFunction,
  id = 'Rest',
): { api: RestApi; orders: Resource } {
  const api = new RestApi(stack, id);
  const orders = api.root.addResource('orders');
  orders.addMethod('GET', new LambdaIntegration(backend));
  return { api, orders };
}

/** An HTTP API with `GET /orders`. */
export function httpApi(stack: Stack, backend: LambdaFunction, id = 'Http'): HttpApi {
  const api = new HttpApi(stack, id);
  const integration = new HttpLambdaIntegration('Backend', backend);
  api.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration });
  return api;
}
