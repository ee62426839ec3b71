import { PublishCommand, SNSClient, SNSServiceException } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { messageOf, subjectOf } from '../../../lambdas/adapters/sns/alert-message.ts';
import { SnsAlertSender } from '../../../lambdas/adapters/sns/sns-alert-sender.ts';
import { type AlertFacts, alertOf } from '../../../lambdas/core/domain/alert.ts';
import type { AlertNotice } from '../../../lambdas/core/domain/notice.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:Security';
const client = new SNSClient({ region: 'eu-central-1' });
const sns = mockClient(client);
const sender = new SnsAlertSender(client, TOPIC);
const NOTICE = alertOf(
  sampleEvent('rotation.started', {
    reason: 'Schlüssel im Log — 鍵',
    rotationId: 'r-1',
    origin: { address: '192.0.2.7' },
    detail: { purpose: 'emergency', fromVersion: 1 },
  }),
) as AlertNotice;
const FACTS = NOTICE.facts as unknown as AlertFacts;
const refusedBy = (name: string) =>
  new SNSServiceException({ name, $fault: 'client', $metadata: {}, message: 'No.' });

beforeEach(() => sns.reset());

describe('the sender', () => {
  it('publishes words for people and JSON for machines, and what subscriptions filter by', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    expect(await sender.send(NOTICE)).toEqual({ outcome: 'sent', receipt: 'm-1' });
    const [{ args } = { args: [] }] = sns.commandCalls(PublishCommand);
    const { Message, ...input } = args[0]?.input ?? {};
    expect(input).toEqual({
      TopicArn: TOPIC,
      Subject: 'Keyturn CRITICAL: Emergency for key Ab3dEf7hIj9L',
      MessageStructure: 'json',
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: 'critical' },
        kind: { DataType: 'String', StringValue: 'emergency-begun' },
      },
    });
    expect(Message).toBe(messageOf(FACTS));
  });

  it.each(['KMSDisabledException', 'NotFoundException', 'AuthorizationErrorException'])(
    'gives up until somebody mends what %s says',
    async (name) => {
      sns.on(PublishCommand).rejects(refusedBy(name));
      expect(await sender.send(NOTICE)).toEqual({ outcome: 'refused', why: `SNS answered ${name}.` });
    },
  );

  it.each(['ThrottledException', 'KMSThrottlingException', 'InternalErrorException'])(
    'comes back after %s',
    async (name) => {
      sns.on(PublishCommand).rejects(refusedBy(name));
      expect(await sender.send(NOTICE)).toEqual({ outcome: 'later', why: `SNS answered ${name}.` });
    },
  );

  it('throws what is no answer of SNS', async () => {
    sns.on(PublishCommand).rejects(new Error('socket hang up'));
    await expect(sender.send(NOTICE)).rejects.toThrow('socket hang up');
  });
});

describe('the message', () => {
  const message = JSON.parse(messageOf(FACTS)) as Record<string, string>;

  it('says of whom nothing but a tool has said who it was that it is stated', () => {
    const actor = { ...FACTS.event.actor, principal: 'kim', via: 'invoke', proven: false };
    const { email } = JSON.parse(messageOf({ ...FACTS, event: { ...FACTS.event, actor } }));
    expect(email).toContain('By:        kim (stated) (invoke)');
  });

  it('is the same JSON for every machine, with the alert’s id', () => {
    const { email, sms, ...machines } = message;
    expect(Object.keys(machines).sort()).toEqual(['default', 'email-json', 'http', 'https', 'lambda', 'sqs']);
    for (const text of Object.values(machines)) {
      expect(JSON.parse(text)).toEqual({ source: 'keyturn', ...FACTS });
    }
    expect(FACTS.id).toBe('ALERT#key/Ab3dEf7hIj9L/1#emergency-begun#security');
    expect(email).not.toContain('{');
    expect(sms?.length).toBeLessThanOrEqual(140);
  });

  it('says in words what happened, what to do and by which command', () => {
    expect(message['email']).toContain(FACTS.what);
    expect(message['email']).toContain(`What to do: ${FACTS.mend}\n\n    keyturn show Ab3dEf7hIj9L\n`);
    expect(message['email']).toContain('From:      192.0.2.7');
    expect(message['email']).toContain('Reason:    Schlüssel im Log — 鍵');
    expect(message['email']).not.toContain('undefined');
  });
});

describe('the subject', () => {
  it.each([
    ['Ärger mit Schlüsseln', 'Keyturn HIGH: Arger mit Schlusseln'],
    ['a\r\nBcc: b', 'Keyturn HIGH: a??Bcc: b'],
    ['鍵', 'Keyturn HIGH: ?'],
    ['x'.repeat(200), `Keyturn HIGH: ${'x'.repeat(83)}...`],
  ])('of %j is what SNS takes', (title, expected) => {
    const subject = subjectOf({ ...FACTS, severity: 'high', title });
    expect(subject).toBe(expected);
    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
});
