/** Calls of AWS for which there is no client here, or whose client leaves out what the emulator says beyond AWS. */
import aws4 from 'aws4';
import type { AwsConfig } from './deployment.ts';

const SERVICES = {
  sqs: { target: 'AmazonSQS', type: 'application/x-amz-json-1.0' },
  events: { target: 'AWSEvents', type: 'application/x-amz-json-1.1' },
} as const;

export async function jsonCall(
  aws: AwsConfig,
  service: keyof typeof SERVICES,
  operation: string,
  body: object,
): Promise<Record<string, unknown>> {
  const { target, type } = SERVICES[service];
  const headers = { 'content-type': type, 'x-amz-target': `${target}.${operation}` };
  return JSON.parse(await signedPost(aws, service, headers, JSON.stringify(body)));
}

/** Of the services that take forms. */
export const formCall = (aws: AwsConfig, service: 'ses', form: Readonly<Record<string, string>>) =>
  signedPost(
    aws,
    service,
    { 'content-type': 'application/x-www-form-urlencoded' },
    String(new URLSearchParams(form)),
  );

async function signedPost(
  { endpoint, region, credentials }: AwsConfig,
  service: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<string> {
  const { host } = new URL(endpoint);
  const signed = aws4.sign(
    { service, region, host, method: 'POST', path: '/', headers: { ...headers }, body },
    credentials,
  );
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: signed.headers as Record<string, string>,
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${service}: ${response.status} ${text}`);
  return text;
}
