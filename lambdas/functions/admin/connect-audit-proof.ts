/** Where the audit is checked from: the table, the bucket of digests, and the key that signs them. */
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoAuditChains } from '../../adapters/dynamodb/dynamo-audit-chains.ts';
import { DynamoChainReader } from '../../adapters/dynamodb/dynamo-chain-reader.ts';
import { storedDocuments } from '../../adapters/dynamodb/stored-documents.ts';
import { KmsDigestSigner } from '../../adapters/kms-signing/kms-digest-signer.ts';
import { DigestObjects } from '../../adapters/s3/digest-objects.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { AuditProofDeps } from './audit-proof-actions.ts';
import type { AdminEnv } from './env.ts';

export const connectAuditProof = (
  documents: DynamoDBDocumentClient,
  env: Pick<AdminEnv, 'TABLE_NAME' | 'AUDIT_BUCKET' | 'AUDIT_KEY_ID'>,
  clock: Clock,
): AuditProofDeps => ({
  chainReader: new DynamoChainReader(storedDocuments(), env.TABLE_NAME, clock),
  chains: new DynamoAuditChains(documents, env.TABLE_NAME),
  digests: new DigestObjects(new S3Client({}), env.AUDIT_BUCKET),
  signer: new KmsDigestSigner(new KMSClient({}), env.AUDIT_KEY_ID),
  table: env.TABLE_NAME,
  clock,
});
