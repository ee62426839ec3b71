/** The floor: the least that decides on a key. One signed consistent read on a kept connection, and one HMAC. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import aws4 from 'aws4';
import { readOf } from './read.ts';

const endpoint = new URL(process.env['AWS_ENDPOINT_URL'] ?? '');
const agent = new http.Agent({ keepAlive: true });
const credentials = {
  accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
  sessionToken: process.env['AWS_SESSION_TOKEN'] ?? '',
};
const key = process.env['BENCH_KEY'] ?? '';
const pepper = process.env['BENCH_PEPPER'] ?? '';
const body = JSON.stringify({
  ...readOf(key.split('_')[2] ?? ''),
  Key: { pk: { S: `KEY#${key.split('_')[2]}` }, sk: { S: 'META' } },
});

export async function handler(): Promise<boolean> {
  const answer = JSON.parse(await getItem());
  const stored = Buffer.from(answer.Item.versions.L[0].M.hash.S, 'base64url');
  if (!timingSafeEqual(stored, createHmac('sha256', pepper).update(key).digest()))
    throw new Error('No match');
  return true;
}

function getItem(): Promise<string> {
  const { headers } = aws4.sign(
    {
      service: 'dynamodb',
      region: process.env['AWS_REGION'] ?? '',
      method: 'POST',
      path: '/',
      host: endpoint.host,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': 'DynamoDB_20120810.GetItem',
      },
      body,
    },
    credentials,
  );
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        method: 'POST',
        path: '/',
        hostname: endpoint.hostname,
        port: endpoint.port,
        agent,
        headers: headers as http.OutgoingHttpHeaders,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
