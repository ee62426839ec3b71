/** Secrets in memory behind a `FakeAws`, as the service speaks: dates as seconds, refusals by their names. */
import { type FakeAws, Fault } from './fake-aws.ts';
import { MemorySecrets } from './memory-secrets.ts';
import { MemorySecretsClient } from './memory-secrets-client.ts';

const OPERATIONS = [
  'CreateSecret',
  'DescribeSecret',
  'GetSecretValue',
  'GetResourcePolicy',
  'ListSecretVersionIds',
  'PutResourcePolicy',
  'PutSecretValue',
  'RotateSecret',
  'UpdateSecretVersionStage',
];

export function serveSecrets(aws: FakeAws): MemorySecrets {
  const secrets = new MemorySecrets(Date.now);
  const client = new MemorySecretsClient(secrets, { isRotationFunction: true });
  for (const name of OPERATIONS) {
    const before = aws.operations[name];
    aws.operations[name] = (body) => {
      // What is no key's secret is somebody else's to answer, unless a test has it here: the pepper.
      const id = String(body['SecretId'] ?? body['Name']);
      const isHere = [...secrets.secrets.values()].some(({ arn, name: of }) => [arn, of].includes(id));
      if (before && !id.includes('keyturn/') && !isHere) return before(body);
      try {
        return spoken(client.call(name, body));
      } catch (error) {
        return new Fault(400, (error as Error).name);
      }
    };
  }
  return secrets;
}

const spoken = (answer: object): object =>
  JSON.parse(JSON.stringify(answer), (_name, value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) / 1000 : value,
  );
