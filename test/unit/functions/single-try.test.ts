import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESClient } from '@aws-sdk/client-ses';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SesMailer } from '../../../lambdas/adapters/ses/ses-mailer.ts';
import { singleTry } from '../../../lambdas/functions/single-try.ts';

let silent: Server;
let requests: number;
let endpoint: string;

beforeEach(async () => {
  requests = 0;
  silent = createServer(() => {
    requests += 1;
  });
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
});

afterEach(() => {
  silent.closeAllConnections();
  silent.close();
});

const client = () => ({
  ...singleTry(50),
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

it('a mail service that takes the request and says nothing is not waited for: nobody knows, and it is asked once', async () => {
  const mailer = new SesMailer(new SESClient(client()), {
    from: 'keys@example.com',
    configurationSet: 'Keyturn',
  });
  const outcome = await mailer.send({
    to: 'team@example.com',
    ref: { of: 'notice', notice: { partition: 'KEY#Ab3dEf7hIj9L', noticeId: 'r-1#retired#x' }, attempt: 1 },
    subject: 'Subject',
    text: 'Text',
    html: '<p>Text</p>',
  });
  expect(outcome).toMatchObject({ outcome: 'unknown', why: expect.stringContaining('TimeoutError') });
  expect(requests).toBe(1);
});

it('nor is a topic', async () => {
  const publish = new SNSClient(client()).send(new PublishCommand({ TopicArn: 'arn', Message: 'x' }));
  await expect(publish).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(requests).toBe(1);
});

it('it waits for less than half of what a function that sends may run', () => {
  expect(singleTry().requestHandler.requestTimeout).toBeLessThan(20_000);
});
