/** Signatures by Standard Webhooks: its own example, and what its own package verifies. */
import { Webhook as Receiver } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebhookNotice } from '../../../lambdas/core/domain/notice.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import { isWebhookId, newWebhookId, newWebhookSecret } from '../../../lambdas/core/domain/webhook.ts';
import { messageOf, signedHeaders, webhookMessage } from '../../../lambdas/core/domain/webhook-message.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { secureRandomBytes, seededRandomBytes } from '../../support/random-bytes.ts';

const FIRST = newWebhookSecret(seededRandomBytes('first'));
const SECOND = newWebhookSecret(seededRandomBytes('second'));
const NOTICE: WebhookNotice = {
  channel: 'webhook',
  noticeId: 'event-3#rotation.started#wh_Ab3dEf7hIj9L',
  partition: 'KEY#Ab3dEf7hIj9L',
  kind: 'rotation.started',
  recipient: 'wh_Ab3dEf7hIj9L',
  madeAtMs: START_MS,
  facts: { keyId: 'Ab3dEf7hIj9L' },
};

beforeEach(() => void vi.useFakeTimers({ now: START_MS, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe('the signature', () => {
  it('is that of the example that the scheme and its libraries have', () => {
    const message = { messageId: 'msg_p5jXN8AQM9LWM0D4loKWxJek', type: 'test', body: '{"test": 2432232314}' };
    const secret = new Plaintext('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(signedHeaders(message, [secret], 1_614_265_330_000)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is verified by the package that receivers use', () => {
    const message = messageOf(NOTICE);
    const received = new Receiver(FIRST.reveal()).verify(message.body, {
      ...signedHeaders(message, [FIRST], START_MS),
    });
    expect(received).toEqual({
      type: 'rotation.started',
      timestamp: '2026-11-23T14:00:00.000Z',
      data: { keyId: 'Ab3dEf7hIj9L' },
    });
  });

  it('is by both secrets while one follows the other: a receiver may hold either', () => {
    const message = messageOf(NOTICE);
    const headers = { ...signedHeaders(message, [SECOND, FIRST], START_MS) };
    expect(headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);
    for (const secret of [FIRST, SECOND]) {
      expect(() => new Receiver(secret.reveal()).verify(message.body, headers)).not.toThrow();
    }
    const other = newWebhookSecret(secureRandomBytes);
    expect(() => new Receiver(other.reveal()).verify(message.body, headers)).toThrow(/signature/);
  });

  it('holds for these very bytes, this id and this time', () => {
    const message = messageOf(NOTICE);
    const headers = { ...signedHeaders(message, [FIRST], START_MS) };
    const receiver = new Receiver(FIRST.reveal());
    expect(() => receiver.verify(`${message.body} `, headers)).toThrow();
    expect(() => receiver.verify(message.body, { ...headers, 'webhook-id': 'msg_other' })).toThrow();
    expect(() => receiver.verify(message.body, { ...headers, 'webhook-timestamp': '1795442401' })).toThrow();
  });
});

describe('the id of a message', () => {
  it('is the same for every try, and has no full stop', () => {
    const { messageId } = messageOf(NOTICE);
    expect(messageId).toMatch(/^msg_[A-Za-z0-9_-]{27}$/);
    expect(messageOf({ ...NOTICE }).messageId).toBe(messageId);
  });

  it.each([
    { noticeId: 'event-4#rotation.started#wh_Ab3dEf7hIj9L' },
    { noticeId: 'event-3#rotation.started#wh_Zb3dEf7hIj9L' },
    { partition: 'KEY#Zb3dEf7hIj9L' },
  ])('is another with %j', (other) => {
    expect(messageOf({ ...NOTICE, ...other }).messageId).not.toBe(messageOf(NOTICE).messageId);
  });

  it('says nothing of what it is made from', () => {
    expect(webhookMessage('KEY#Ab3dEf7hIj9L', { type: 'a', atMs: 0, data: {} }).messageId).not.toContain(
      'Ab3d',
    );
  });
});

describe('a secret', () => {
  it('is 256 bits of the secure source in base64, behind the prefix of the scheme', () => {
    const text = newWebhookSecret(secureRandomBytes).reveal();
    expect(text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(text.slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect(newWebhookSecret(secureRandomBytes).reveal()).not.toBe(text);
  });

  it('shows itself to nobody who prints it', () => {
    expect(`${FIRST} ${JSON.stringify({ FIRST })}`).not.toContain('whsec_');
  });
});

describe('the id of a webhook', () => {
  it('is one, and nothing else is', () => {
    expect(isWebhookId(newWebhookId(secureRandomBytes))).toBe(true);
    for (const no of ['', 'wh_', 'wh_Ab3dEf7hIj9', 'Ab3dEf7hIj9L', 'wh_Ab3dEf7hIj9#', 7, undefined]) {
      expect(isWebhookId(no)).toBe(false);
    }
  });
});
