/** Who may read a key's secret, as its resource policy says it. */

/** Of the statement that keeps everybody else from reading. */
const LIMIT = 'KeyturnLimitsReading';

/**
 * The named readers may read, and nobody else of the account, whatever its identity policies allow. Only reading the
 * text is denied: administrators of the account can change this policy and delete the secret, so nobody is locked out.
 *
 * @param readers ARNs of roles and users
 * @param rotationRoleArn of the function that rotates, which reads what it tests
 */
export const readerPolicy = (readers: readonly string[], rotationRoleArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'KeyturnReaders',
        Effect: 'Allow',
        Principal: { AWS: readers },
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: '*',
      },
      {
        Sid: LIMIT,
        Effect: 'Deny',
        Principal: '*',
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': [...readers, rotationRoleArn] } },
      },
    ],
  });

/**
 * Whether a policy is to be written: there is none, or it keeps the function out that rotates now. What administrators
 * have changed in it otherwise stays.
 */
export function lacksPolicy(policy: string | undefined, rotationRoleArn: string): boolean {
  if (policy === undefined) return true;
  return policy.includes(LIMIT) && !policy.includes(`"${rotationRoleArn}"`);
}
