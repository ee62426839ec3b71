import { createHash, generateKeyPairSync } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { KmsDigestSigner } from '../../../lambdas/adapters/kms-signing/kms-digest-signer.ts';
import { parseProofKey } from '../../../lambdas/core/domain/audit-proof/digest.ts';

const kms = mockClient(KMSClient);
beforeEach(() => kms.reset());
const signer = () => new KmsDigestSigner(new KMSClient({}), 'key-1');

it('has KMS sign the hash, not the text', async () => {
  kms.on(SignCommand).resolves({ Signature: Buffer.from('signature') });
  expect(await signer().sign('{"a":1}')).toBe(Buffer.from('signature').toString('base64'));
  expect(kms.commandCalls(SignCommand)[0]?.args[0].input).toEqual({
    KeyId: 'key-1',
    Message: createHash('sha256').update('{"a":1}').digest(),
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_256',
  });
});

it('gives the public key as the same PEM that Node writes, asked for once', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  kms.on(GetPublicKeyCommand).resolves({ PublicKey: publicKey.export({ type: 'spki', format: 'der' }) });
  const own = signer();
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  expect(await own.publicKey()).toBe(pem);
  expect(await own.publicKey()).toBe(pem);
  expect(parseProofKey(await own.publicKey()).ok).toBe(true);
  expect(kms.commandCalls(GetPublicKeyCommand)).toHaveLength(1);
});

it('asks again after a failure, and throws where KMS gives nothing', async () => {
  kms.on(GetPublicKeyCommand).rejectsOnce(new Error('Throttled')).resolves({});
  kms.on(SignCommand).resolves({});
  const own = signer();
  await expect(own.publicKey()).rejects.toThrow('Throttled');
  await expect(own.publicKey()).rejects.toThrow('has no public key');
  await expect(own.sign('text')).rejects.toThrow('gave no signature');
});
