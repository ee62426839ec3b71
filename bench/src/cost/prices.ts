/**
 * What AWS charges: us-east-1, on demand, without free tiers, looked up in autumn 2026. In US dollars. Those of requests to
 * S3 and of asymmetric KMS keys could not be confirmed by AWS's own pages; together they are less than a cent a month.
 */

interface Price {
  readonly what: string;
  readonly usd: number;
  /** The dollars are for so many. */
  readonly per: number;
  readonly unit: string;
  readonly page: string;
}

const GB = 1e9;
const page = (name: string) => `https://aws.amazon.com/${name}/pricing/`;

export const PRICES = {
  transition: {
    what: 'Step Functions, standard',
    usd: 0.025,
    per: 1e3,
    unit: 'state transitions',
    page: page('step-functions'),
  },
  invocation: { what: 'Lambda', usd: 0.2, per: 1e6, unit: 'requests', page: page('lambda') },
  gigabyteSecond: {
    what: 'Lambda on ARM64',
    usd: 0.0000133334,
    per: 1,
    unit: 'GB-seconds',
    page: page('lambda'),
  },
  readUnit: {
    what: 'DynamoDB, on demand',
    usd: 0.125,
    per: 1e6,
    unit: 'read request units',
    page: page('dynamodb'),
  },
  writeUnit: {
    what: 'DynamoDB, on demand',
    usd: 0.625,
    per: 1e6,
    unit: 'write request units',
    page: page('dynamodb'),
  },
  kmsRequest: { what: 'KMS', usd: 0.03, per: 1e4, unit: 'requests', page: page('kms') },
  asymmetricRequest: {
    what: 'KMS, signing and its public key',
    usd: 0.15,
    per: 1e4,
    unit: 'requests',
    page: page('kms'),
  },
  secretRequest: {
    what: 'Secrets Manager',
    usd: 0.05,
    per: 1e4,
    unit: 'requests',
    page: page('secrets-manager'),
  },
  logByte: { what: 'CloudWatch Logs, taken in', usd: 0.5, per: GB, unit: 'bytes', page: page('cloudwatch') },
  trace: { what: 'X-Ray', usd: 5, per: 1e6, unit: 'traces recorded', page: page('xray') },
  scheduled: {
    what: 'EventBridge Scheduler',
    usd: 1,
    per: 1e6,
    unit: 'invocations',
    page: page('eventbridge'),
  },
  busEvent: {
    what: 'EventBridge, own bus',
    usd: 1,
    per: 1e6,
    unit: 'events',
    page: page('eventbridge'),
  },
  mail: { what: 'SES', usd: 0.1, per: 1e3, unit: 'mails', page: page('ses') },
  topicRequest: { what: 'SNS', usd: 0.5, per: 1e6, unit: 'messages published', page: page('sns') },
  queueRequest: { what: 'SQS', usd: 0.4, per: 1e6, unit: 'requests', page: page('sqs') },
  objectWrite: { what: 'S3', usd: 0.005, per: 1e3, unit: 'objects written or lists read', page: page('s3') },
  objectRead: { what: 'S3', usd: 0.0004, per: 1e3, unit: 'objects read', page: page('s3') },
  objectByte: { what: 'S3, kept', usd: 0.023, per: GB, unit: 'bytes, a month', page: page('s3') },
  kmsKey: { what: 'KMS', usd: 1, per: 1, unit: 'keys, a month', page: page('kms') },
  secret: {
    what: 'Secrets Manager',
    usd: 0.4,
    per: 1,
    unit: 'secrets, a month',
    page: page('secrets-manager'),
  },
  metric: { what: 'CloudWatch', usd: 0.3, per: 1, unit: 'metrics, a month', page: page('cloudwatch') },
  dashboard: {
    what: 'CloudWatch',
    usd: 3,
    per: 1,
    unit: 'dashboards, a month',
    page: page('cloudwatch'),
  },
  alarm: { what: 'CloudWatch', usd: 0.1, per: 1, unit: 'alarms, a month', page: page('cloudwatch') },
} as const satisfies Readonly<Record<string, Price>>;

export const priceOf = (name: keyof typeof PRICES, count: number): number =>
  (count * PRICES[name].usd) / PRICES[name].per;
