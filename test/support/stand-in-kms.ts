/** KMS in memory, as far as encryption goes: a key of its own by id, a context that must be the same, and its errors. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  KMSClient,
} from '@aws-sdk/client-kms';
import { type AwsClientStub, mockClient } from 'aws-sdk-client-mock';

export interface StandInKms {
  readonly client: KMSClient;
  readonly calls: AwsClientStub<KMSClient>;
}

type Context = Readonly<Record<string, string>> | undefined;

const ID_LENGTH = 16;
const nameOf = (keyId: string): string => keyId.padEnd(ID_LENGTH).slice(0, ID_LENGTH);
const aadOf = (context: Context): Buffer =>
  Buffer.from(
    JSON.stringify(Object.entries(context ?? {}).sort(([left], [right]) => (left < right ? -1 : 1))),
  );

export function standInKms(): StandInKms {
  const client = new KMSClient({ region: 'eu-central-1' });
  const calls = mockClient(client);
  const keys = new Map<string, Buffer>();
  const keyOf = (name: string): Buffer => {
    if (!keys.has(name)) keys.set(name, randomBytes(32));
    return keys.get(name) as Buffer;
  };
  const encrypt = (keyId: string, plaintext: Uint8Array, context: Context): Buffer => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', keyOf(nameOf(keyId)), iv).setAAD(aadOf(context));
    const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([Buffer.from(nameOf(keyId)), iv, body, cipher.getAuthTag()]);
  };
  const decrypt = (keyId: string, blob: Buffer, context: Context): Uint8Array => {
    const name = blob.subarray(0, ID_LENGTH).toString();
    if (!keys.has(name) || blob.length < ID_LENGTH + 28) throw invalid();
    if (name !== nameOf(keyId)) throw new IncorrectKeyException({ message: 'no', $metadata: {} });
    const end = blob.length - 16;
    const iv = blob.subarray(ID_LENGTH, ID_LENGTH + 12);
    const decipher = createDecipheriv('aes-256-gcm', keyOf(name), iv).setAAD(aadOf(context));
    decipher.setAuthTag(blob.subarray(end));
    try {
      return Buffer.concat([decipher.update(blob.subarray(ID_LENGTH + 12, end)), decipher.final()]);
    } catch {
      throw invalid();
    }
  };
  calls.on(GenerateDataKeyCommand).callsFake(({ KeyId, EncryptionContext }) => {
    const key = randomBytes(32);
    return { Plaintext: key, CiphertextBlob: encrypt(KeyId, key, EncryptionContext) };
  });
  calls.on(EncryptCommand).callsFake(({ KeyId, Plaintext, EncryptionContext }) => ({
    CiphertextBlob: encrypt(KeyId, Plaintext, EncryptionContext),
  }));
  calls.on(DecryptCommand).callsFake(({ KeyId, CiphertextBlob, EncryptionContext }) => ({
    Plaintext: decrypt(KeyId, Buffer.from(CiphertextBlob), EncryptionContext),
  }));
  return { client, calls };
}

const invalid = () => new InvalidCiphertextException({ message: 'no', $metadata: {} });
