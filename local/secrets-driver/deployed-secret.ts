/** A secret of a cloud, as Secrets Manager would rotate it there: its own versions, and its own rotation function. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { DrivenSecret } from './drive-rotation.ts';

const PENDING = 'AWSPENDING';

export interface Clients {
  readonly secrets: SecretsManagerClient;
  readonly lambda: LambdaClient;
}

/** @param secretId name or ARN; the function is told the ARN, as Secrets Manager tells it */
export function deployedSecret({ secrets, lambda }: Clients, secretId: string): DrivenSecret {
  const describe = () => secrets.send(new DescribeSecretCommand({ SecretId: secretId }));
  return {
    rotationEnabled: async () => (await describe()).RotationEnabled === true,
    versions: async () =>
      Object.entries((await describe()).VersionIdsToStages ?? {}).map(([id, stages]) => ({ id, stages })),
    stage: async (token) => {
      // Without a text: AWS takes that of nobody, and makes such a version itself.
      const version = { SecretId: secretId, ClientRequestToken: token, VersionStages: [PENDING] };
      await secrets.send(new PutSecretValueCommand(version));
    },
    unstage: async (versionId) => {
      const from = { SecretId: secretId, VersionStage: PENDING, RemoveFromVersionId: versionId };
      await secrets.send(new UpdateSecretVersionStageCommand(from));
    },
    invoke: async (step, token) => {
      const { ARN, RotationLambdaARN } = await describe();
      const event = { Step: step, SecretId: ARN, ClientRequestToken: token };
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: RotationLambdaARN, Payload: Buffer.from(JSON.stringify(event)) }),
      );
      return FunctionError === undefined ? undefined : failureIn(Buffer.from(Payload ?? []).toString('utf8'));
    },
  };
}

function failureIn(payload: string): string {
  try {
    const { errorMessage } = JSON.parse(payload) as { readonly errorMessage?: string };
    return errorMessage ?? payload;
  } catch {
    return payload || 'The function failed without a word.';
  }
}
