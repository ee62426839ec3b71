/** The functions that manage keys as deployed, on AWS of the test. */
import { randomBytes } from 'node:crypto';
import { vi } from 'vitest';
import type { handler as adminHandler } from '../../lambdas/functions/admin/handler.ts';
import type { handler as bulkEmergencyHandler } from '../../lambdas/functions/bulk-emergency/handler.ts';
import type { DeliverySettings } from '../../lambdas/functions/delivery.ts';
import type { handler as rotationHandler } from '../../lambdas/functions/rotation/handler.ts';
import type { handler as secretRotationHandler } from '../../lambdas/functions/secret-rotation/handler.ts';
import { environmentFor, type FakeAws } from './fake-aws.ts';
import { serveTable } from './fake-table.ts';
import { PEPPER_SECRET } from './issued-key.ts';

const MACHINE_ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:Rotation';
const BULK_EMERGENCY_ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:BulkEmergency';
const PEPPER_MACHINE_ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:Pepper';
const AUTHORIZER_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:Authorizer';

/** What the admin function is called there. */
export const ADMIN_FUNCTION = 'admin-fn';

const DELIVERY: DeliverySettings = {
  claimLink: { pageUrl: 'https://keys.example.com/claim' },
  secrets: {
    endpoint: 'https://api.example.com/mcp',
    account: '123456789012',
    kmsKeyId: 'arn:aws:kms:us-east-1:123456789012:key/data',
    rotationFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:RotateSecrets',
    rotationRoleArn: 'arn:aws:iam::123456789012:role/RotateSecrets',
    schedule: true,
    recoveryDays: 30,
  },
};

/** A table, a pepper, a key that wraps data keys, and a machine that starts whatever it is told to. */
export function serveManagement(aws: FakeAws): ReturnType<typeof serveTable> {
  const dataKey = randomBytes(32).toString('base64');
  aws.operations['GetSecretValue'] = () => ({ SecretString: PEPPER_SECRET });
  aws.operations['GenerateDataKey'] = () => ({ Plaintext: dataKey, CiphertextBlob: 'd3JhcHBlZA==' });
  aws.operations['Decrypt'] = () => ({ Plaintext: dataKey });
  aws.operations['StartExecution'] = ({ stateMachineArn, name }) => ({
    executionArn: `${String(stateMachineArn).replace('stateMachine', 'execution')}:${name}`,
    startDate: 1,
  });
  aws.operations['DescribeExecution'] = () => ({ status: 'RUNNING' });
  return serveTable(aws);
}

/** What `lib` tells of deliveries; a test adds what it configures. */
export interface BenchOptions {
  readonly delivery?: Partial<DeliverySettings>;
}

function stubEnvironment(aws: FakeAws, { delivery }: BenchOptions = {}): void {
  const variables = {
    ...environmentFor(aws),
    AWS_LAMBDA_FUNCTION_NAME: ADMIN_FUNCTION,
    TABLE_NAME: 'Keys',
    PEPPER_SECRET_ID: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Pepper',
    SEAL_KEY_ID: 'arn:aws:kms:us-east-1:123456789012:key/seal',
    KEY_PREFIX: 'mk',
    POLICIES: '{}',
    CACHED_STAGES: '[]',
    DELIVERY: JSON.stringify({ ...DELIVERY, ...delivery }),
    ROTATION_MACHINE_ARN: MACHINE_ARN,
    BULK_EMERGENCY_MACHINE_ARN: BULK_EMERGENCY_ARN,
    PEPPER_MACHINE_ARN,
    BATCH_KEYS: '25',
    REVOCATION_BOUND_MS: '6000',
    STARTS_PER_SECOND: '5',
    AUDIT_BUCKET: 'audit-bucket',
    AUDIT_KEY_ID: 'arn:aws:kms:us-east-1:123456789012:key/audit',
    WEBHOOKS: JSON.stringify({ allowPrivateAddresses: false }),
    PUBLISH_FUNCTION: 'Publish',
    AUTHORIZER_FUNCTIONS: AUTHORIZER_ARN,
    EVIDENCE_LAG_SECONDS: '0',
    ENDPOINT: 'https://api.example.com/mcp',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

export async function loadAdmin(aws: FakeAws, options: BenchOptions = {}): Promise<typeof adminHandler> {
  stubEnvironment(aws, options);
  return (await import('../../lambdas/functions/admin/handler.ts')).handler;
}

export async function loadRotation(aws: FakeAws): Promise<typeof rotationHandler> {
  stubEnvironment(aws);
  return (await import('../../lambdas/functions/rotation/handler.ts')).handler;
}

export async function loadSecretRotation(aws: FakeAws): Promise<typeof secretRotationHandler> {
  stubEnvironment(aws);
  return (await import('../../lambdas/functions/secret-rotation/handler.ts')).handler;
}

export async function loadBulkEmergency(aws: FakeAws): Promise<typeof bulkEmergencyHandler> {
  stubEnvironment(aws);
  return (await import('../../lambdas/functions/bulk-emergency/handler.ts')).handler;
}
