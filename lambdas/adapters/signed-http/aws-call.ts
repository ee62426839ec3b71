/**
 * AWS's JSON protocol over `node:https`, signed by `aws4`: what the authorizer needs of an SDK and nothing else.
 * One connection is kept; time-outs and retries are bounded, so that a store in trouble becomes an error in time.
 */
import http from 'node:http';
import https from 'node:https';
import aws4 from 'aws4';

export interface AwsCall {
  readonly service: 'dynamodb' | 'secretsmanager';
  /** The `X-Amz-Target` header, such as `DynamoDB_20120810.GetItem`. */
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AwsCallConfig {
  readonly region: string;
  /** Suffix of service host names, such as `amazonaws.com`. */
  readonly urlSuffix: string;
  /** Stands in for every service's own end point, as `AWS_ENDPOINT_URL` does for the SDKs. */
  readonly endpoint?: string;
  /** Read anew for each call. */
  readonly credentials: () => {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** For one attempt, from connecting to the last byte. */
  readonly timeoutMs: number;
  readonly attempts: number;
}

/** An answer that was no success, by the service's own name for it. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, statusCode: number, target: string) {
    // The service's message may quote the request, so it stays out.
    super(`${target} was answered with ${code} (${statusCode}).`);
    this.code = code;
    this.statusCode = statusCode;
  }
}

const RETRYABLE = new Set([
  'InternalServerError',
  'ItemCollectionSizeLimitExceededException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'ServiceUnavailable',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

export type CallAws = (call: AwsCall) => Promise<Record<string, unknown>>;

/** Makes the function that calls. */
export function awsCaller(config: AwsCallConfig): CallAws {
  const endpoint = config.endpoint ? new URL(config.endpoint) : undefined;
  const secure = endpoint?.protocol !== 'http:';
  const transport = secure ? https : http;
  const agent = new transport.Agent({ keepAlive: true, maxSockets: 64 });

  const once = (call: AwsCall): Promise<Record<string, unknown>> => {
    const signed = sign(call, config, endpoint);
    return new Promise((resolve, reject) => {
      const request = transport.request({ ...signed, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          settle(call, response.statusCode ?? 0, Buffer.concat(chunks), resolve, reject),
        );
      });
      const timer = setTimeout(
        () => request.destroy(new AwsCallError('RequestTimeout', 0, call.target)),
        config.timeoutMs,
      );
      request.on('close', () => clearTimeout(timer));
      request.on('error', reject);
      request.end(signed.body);
    });
  };

  return async (call) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(call);
      } catch (error) {
        if (attempt >= config.attempts || !isRetryable(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 25 * 2 ** attempt));
      }
    }
  };
}

function sign(call: AwsCall, config: AwsCallConfig, endpoint: URL | undefined) {
  const host = endpoint?.host ?? `${call.service}.${config.region}.${config.urlSuffix}`;
  const body = JSON.stringify(call.body);
  const signed = aws4.sign(
    {
      service: call.service,
      region: config.region,
      method: 'POST',
      path: '/',
      host,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': call.target,
      },
      body,
    },
    config.credentials(),
  );
  return {
    method: 'POST',
    path: '/',
    hostname: endpoint?.hostname ?? host,
    ...(endpoint?.port ? { port: endpoint.port } : {}),
    headers: signed.headers as http.OutgoingHttpHeaders,
    body,
  };
}

function settle(
  call: AwsCall,
  statusCode: number,
  bytes: Buffer,
  resolve: (answer: Record<string, unknown>) => void,
  reject: (error: Error) => void,
): void {
  let answer: Record<string, unknown>;
  try {
    answer = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  } catch {
    reject(new AwsCallError(statusCode >= 500 ? 'ServiceUnavailable' : 'NotJson', statusCode, call.target));
    return;
  }
  if (statusCode === 200) resolve(answer);
  else {
    const type = String(answer['__type'] ?? `Http${statusCode}`);
    reject(new AwsCallError(type.slice(type.indexOf('#') + 1), statusCode, call.target));
  }
}

/** What is no answer of the service is trouble on the way to it: connection refused, reset, timed out. */
function isRetryable(error: unknown): boolean {
  if (!(error instanceof AwsCallError)) return true;
  return error.statusCode >= 500 || RETRYABLE.has(error.code);
}
