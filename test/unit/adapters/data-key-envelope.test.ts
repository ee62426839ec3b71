import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Binding,
  DataKeyEnvelope,
  type Envelope,
} from '../../../lambdas/adapters/kms/data-key-envelope.ts';
import { encryptionContext } from '../../../lambdas/adapters/kms/encryption-context.ts';
import { type StandInKms, standInKms } from '../../support/stand-in-kms.ts';

const BINDING: Binding = {
  context: encryptionContext({ keyId: 'Ab3dEf7hIj9L', version: 2 }),
  item: 'Ab3dEf7hIj9L/2/live/1790000000000',
};
const BROKEN = { outcome: 'broken' };
let kms: StandInKms;
let envelopes: DataKeyEnvelope;

beforeEach(() => {
  kms = standInKms();
  envelopes = new DataKeyEnvelope(kms.client, 'the-key');
});

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** The envelope with one bit turned over, counted through both of its parts. */
function flipped(envelope: Envelope, bit: number): Envelope {
  const parts = { ciphertext: bytes(envelope.ciphertext), wrappedDataKey: bytes(envelope.wrappedDataKey) };
  const inFirst = bit < parts.ciphertext.length * 8;
  const part = inFirst ? parts.ciphertext : parts.wrappedDataKey;
  const place = inFirst ? bit : bit - parts.ciphertext.length * 8;
  part[place >> 3] = (part[place >> 3] as number) ^ (1 << (place & 7));
  return {
    ciphertext: parts.ciphertext.toString('base64'),
    wrappedDataKey: parts.wrappedDataKey.toString('base64'),
  };
}

const bitsOf = (envelope: Envelope): number =>
  (bytes(envelope.ciphertext).length + bytes(envelope.wrappedDataKey).length) * 8;

describe('an envelope', () => {
  it('opens to what was put in, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 20_000 }), async (content) => {
        const opened = await envelopes.decrypt(await envelopes.encrypt(content, BINDING), BINDING);
        expect(opened.outcome === 'opened' && Buffer.from(opened.plaintext).equals(content)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('takes a data key of its own each time, and shows nothing of what is in it', async () => {
    const content = Buffer.from('the content that nobody else may read');
    const [first, second] = [
      await envelopes.encrypt(content, BINDING),
      await envelopes.encrypt(content, BINDING),
    ];

    expect(first.ciphertext).not.toBe(second.ciphertext);
    expect(first.wrappedDataKey).not.toBe(second.wrappedDataKey);
    expect(bytes(first.ciphertext).includes('content')).toBe(false);
    expect(kms.calls.commandCalls(GenerateDataKeyCommand)[0]?.args[0].input).toEqual({
      KeyId: 'the-key',
      KeySpec: 'AES_256',
      EncryptionContext: BINDING.context,
    });
  });

  it('is broken wherever a bit of it is turned over: vector, content, tag or data key', async () => {
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    for (let bit = 0; bit < bitsOf(envelope); bit += 1)
      expect(await envelopes.decrypt(flipped(envelope, bit), BINDING), `bit ${bit}`).toEqual(BROKEN);
  });

  it('is broken wherever it is cut', async () => {
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    const parts = ['ciphertext', 'wrappedDataKey'] as const;
    for (const part of parts) {
      const whole = bytes(envelope[part]);
      for (let length = 0; length < whole.length; length += 1) {
        const cut = { ...envelope, [part]: whole.subarray(0, length).toString('base64') };
        expect(await envelopes.decrypt(cut, BINDING), `${part} cut to ${length}`).toEqual(BROKEN);
      }
    }
  });

  it.each<[string, Binding]>([
    ['in another context', { ...BINDING, context: { ...BINDING.context, keyId: 'Ab3dEf7hIj9M' } }],
    ['as another version', { ...BINDING, context: { ...BINDING.context, version: '3' } }],
    ['in another item', { ...BINDING, item: 'Ab3dEf7hIj9M/2/live/1790000000000' }],
    ['with a later expiry', { ...BINDING, item: 'Ab3dEf7hIj9L/2/live/1790000000001' }],
    ['in no item', { ...BINDING, item: '' }],
  ])('is broken %s', async (_how, binding) => {
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    expect(await envelopes.decrypt(envelope, binding)).toEqual(BROKEN);
  });

  it('is broken with the data key of another one of the same context', async () => {
    const [mine, other] = [
      await envelopes.encrypt(Buffer.from('mine'), BINDING),
      await envelopes.encrypt(Buffer.from('other'), BINDING),
    ];
    expect(await envelopes.decrypt({ ...mine, wrappedDataKey: other.wrappedDataKey }, BINDING)).toEqual(
      BROKEN,
    );
  });

  it('opens in no other binding than its own, whatever entries and items there are', async () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    const values = fc.record({ keyId: text, version: fc.nat(9), environment: text });
    const binding = fc.record({ values, item: text }).map(({ values: entries, item }) => ({
      context: encryptionContext(entries),
      item,
    }));
    await fc.assert(
      fc.asyncProperty(binding, binding, async (mine, other) => {
        const same = JSON.stringify(mine) === JSON.stringify(other);
        const opened = await envelopes.decrypt(await envelopes.encrypt(Buffer.from('x'), mine), other);
        expect(opened.outcome).toBe(same ? 'opened' : 'broken');
      }),
    );
  });

  it('lies nowhere with the ciphertext of one and the data key of another, nor with parts exchanged', async () => {
    const whole = await envelopes.encrypt(Buffer.from('content'), BINDING);
    const { ciphertext, wrappedDataKey } = whole;
    const exchanged = { ciphertext: wrappedDataKey, wrappedDataKey: ciphertext };
    expect(await envelopes.decrypt(exchanged, BINDING)).toEqual(BROKEN);
    expect(await envelopes.decrypt({ ...whole, ciphertext: wrappedDataKey }, BINDING)).toEqual(BROKEN);
  });

  it('carries no data key in clear, and neither does what fails', async () => {
    const dataKey = Buffer.from('0123456789abcdef0123456789abcdef');
    const shapes = ['utf8', 'hex', 'base64', 'base64url'] as const;
    const shown = shapes.map((shape) => dataKey.toString(shape));
    const wrapped = Buffer.from('wrapped');
    kms.calls
      .on(GenerateDataKeyCommand)
      .callsFake(() => ({ Plaintext: Buffer.from(dataKey), CiphertextBlob: wrapped }));
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    kms.calls.on(DecryptCommand).callsFake(() => ({ Plaintext: Buffer.from(dataKey) }));
    const opened = await envelopes.decrypt(envelope, BINDING);
    const broken = await envelopes.decrypt(envelope, { ...BINDING, item: 'moved' });
    const sent = kms.calls.calls().map(({ args }) => args[0].input);

    const said = JSON.stringify([envelope, opened, broken, sent]);
    for (const text of shown) expect(said).not.toContain(text);
    const raw = Buffer.concat([bytes(envelope.ciphertext), bytes(envelope.wrappedDataKey)]);
    expect(raw.includes(dataKey)).toBe(false);
  });

  it.each([undefined, null, 7, {}])('is broken when a part of it is %j', async (part) => {
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    expect(await envelopes.decrypt({ ...envelope, ciphertext: part as never }, BINDING)).toEqual(BROKEN);
    expect(await envelopes.decrypt({ ...envelope, wrappedDataKey: part as never }, BINDING)).toEqual(BROKEN);
  });

  it('is broken when KMS unwraps something that is no data key', async () => {
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    kms.calls.on(DecryptCommand).resolves({ Plaintext: Buffer.alloc(16) });
    expect(await envelopes.decrypt(envelope, BINDING)).toEqual(BROKEN);
  });

  it('throws trouble of KMS on as it is', async () => {
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    kms.calls.on(DecryptCommand).rejects(throttled);
    await expect(envelopes.decrypt(envelope, BINDING)).rejects.toBe(throttled);
    kms.calls.on(GenerateDataKeyCommand).rejects(throttled);
    await expect(envelopes.encrypt(Buffer.from('content'), BINDING)).rejects.toBe(throttled);
  });

  it.each([
    ['a time-out', Object.assign(new Error('socket hang up'), { name: 'TimeoutError' })],
    ['no network', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
    ['a denial', Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })],
    ['a disabled key', Object.assign(new Error('disabled'), { name: 'DisabledException' })],
    ['a fault of KMS', Object.assign(new Error('internal'), { name: 'KMSInternalException' })],
  ])('does not take %s for a broken envelope', async (_what, trouble) => {
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    kms.calls.on(DecryptCommand).rejects(trouble);
    await expect(envelopes.decrypt(envelope, BINDING)).rejects.toBe(trouble);
  });

  it('refuses an answer of KMS that is not whole, and wipes what it has of it', async () => {
    const dataKey = Buffer.alloc(32, 7);
    kms.calls.on(GenerateDataKeyCommand).resolves({ Plaintext: dataKey });
    await expect(envelopes.encrypt(Buffer.from('content'), BINDING)).rejects.toThrow('no data key');
    expect(dataKey.every((byte) => byte === 0)).toBe(true);
  });

  it('wipes the data key after use, also when the envelope is broken', async () => {
    const dataKeys = [Buffer.alloc(32, 7), Buffer.alloc(32, 7), Buffer.alloc(32, 7)];
    kms.calls
      .on(GenerateDataKeyCommand)
      .resolves({ Plaintext: dataKeys[0], CiphertextBlob: Buffer.from('wrapped') });
    const envelope = await envelopes.encrypt(Buffer.from('content'), BINDING);
    kms.calls
      .on(DecryptCommand)
      .resolvesOnce({ Plaintext: dataKeys[1] })
      .resolves({ Plaintext: dataKeys[2] });
    expect(await envelopes.decrypt(envelope, BINDING)).toMatchObject({ outcome: 'opened' });
    expect(await envelopes.decrypt(envelope, { ...BINDING, item: 'moved' })).toEqual(BROKEN);
    expect(Buffer.concat(dataKeys).every((byte) => byte === 0)).toBe(true);
  });
});
