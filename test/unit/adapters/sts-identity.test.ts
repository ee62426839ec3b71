/** What proves who sends a request, and what does not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { proveIdentity } from '../../../cli/prove-identity.ts';
import { faultOfProof } from '../../../lambdas/adapters/sts/check-proof.ts';
import { StsIdentity } from '../../../lambdas/adapters/sts/sts-identity.ts';
import type { IdentityProof } from '../../../lambdas/core/domain/identity-proof.ts';
import { CREDENTIALS, FakeSts, KIM } from '../../support/fake-sts.ts';

const REGION = 'eu-central-1';
const DIGEST = 'a'.repeat(64);
const proof = proveIdentity({ region: REGION, credentials: CREDENTIALS }, DIGEST);
const signedAtMs = Date.parse(
  String(proof.headers['x-amz-date']).replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'),
);

let sts: FakeSts;
beforeAll(async () => {
  sts = await FakeSts.start();
});
beforeEach(() => {
  sts.requests.length = 0;
  sts.fault = undefined;
  sts.arn = KIM;
});
afterAll(() => sts.stop());

const verify = (given: IdentityProof = proof, settings: { account?: string; endpoint?: string } = {}) =>
  new StsIdentity({
    region: REGION,
    account: '123456789012',
    endpoint: sts.endpoint,
    timeoutMs: 300,
    clock: () => signedAtMs,
    ...settings,
  }).verify(given, DIGEST);

const withHeaders = (headers: Record<string, string | undefined>): IdentityProof => ({
  headers: Object.fromEntries(
    Object.entries({ ...proof.headers, ...headers }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>,
});

describe('a proof that was signed as it has to be', () => {
  it('is sent as it is, to the Region’s own STS, and names who signed it', async () => {
    expect(await verify()).toEqual({ outcome: 'proven', arn: KIM });
    expect(sts.requests).toEqual([
      { host: 'sts.eu-central-1.amazonaws.com', body: 'Action=GetCallerIdentity&Version=2011-06-15' },
    ]);
  });

  it('is known with long-lived credentials, which have no token', () => {
    const { sessionToken: _none, ...user } = CREDENTIALS;
    const signed = proveIdentity({ region: REGION, credentials: user }, DIGEST);

    expect(signed.headers).not.toHaveProperty('x-amz-security-token');
    expect(faultOfProof(signed, { region: REGION, digest: DIGEST, nowMs: signedAtMs })).toBeUndefined();
  });

  it('holds nothing that would sign another request', () => {
    expect(JSON.stringify(proof)).not.toContain(CREDENTIALS.secretAccessKey);
  });
});

describe('a proof that is not sent anywhere', () => {
  const authorization = String(proof.headers['authorization']);
  it.each<[string, unknown, RegExp]>([
    ['is none', null, /no set of headers/],
    ['is text', 'proof', /no set of headers/],
    ['has headers that are none', { headers: ['host'] }, /no set of headers/],
    ['has a number in it', { headers: { ...proof.headers, host: 7 } }, /no set of headers/],
    ['has a line break in it', withHeaders({ 'x-amz-security-token': 'a\r\nx: y' }), /no set of headers/],
    [
      'has a value without end',
      withHeaders({ 'x-amz-security-token': 'a'.repeat(8193) }),
      /no set of headers/,
    ],
    ['has another header', withHeaders({ 'x-amz-target': 'AssumeRole' }), /header that none needs/],
    ['has a header in capitals', withHeaders({ Host: 'sts.eu-central-1.amazonaws.com' }), /none needs/],
    ['lacks its date', withHeaders({ 'x-amz-date': undefined }), /lacks a header/],
    ['lacks its binding', withHeaders({ 'x-keyturn-request': undefined }), /lacks a header/],
    ['is for another host', withHeaders({ host: 'sts.example.com' }), /not for the STS of eu-central-1/],
    ['is for another Region', withHeaders({ host: 'sts.eu-west-1.amazonaws.com' }), /not for the STS/],
    ['asks for something else', withHeaders({ 'content-length': '99' }), /something else/],
    [
      'speaks another language',
      withHeaders({ 'content-type': 'application/x-amz-json-1.1' }),
      /something else/,
    ],
    ['is bound to another request', withHeaders({ 'x-keyturn-request': 'b'.repeat(64) }), /another request/],
    [
      'was signed for another service',
      withHeaders({ authorization: authorization.replace('/sts/', '/iam/') }),
      /not signed/,
    ],
    [
      'was signed for another Region',
      withHeaders({ authorization: authorization.replace(REGION, 'us-east-1') }),
      /not signed/,
    ],
    [
      'does not sign its binding',
      withHeaders({ authorization: authorization.replace(';x-keyturn-request', '') }),
      /does not sign all of its headers/,
    ],
    [
      'does not sign its token',
      withHeaders({ authorization: authorization.replace(';x-amz-security-token', '') }),
      /does not sign all/,
    ],
    ['has no signature', withHeaders({ authorization: 'Bearer abc' }), /not signed/],
    ['has a date that is none', withHeaders({ 'x-amz-date': 'yesterday' }), /five minutes/],
    [
      'has another date than its signature',
      withHeaders({ 'x-amz-date': '20200101T000000Z' }),
      /five minutes/,
    ],
  ])('because it %s', async (_what, given, why) => {
    const identity = await verify(given as IdentityProof);

    expect(identity).toEqual({ outcome: 'refused', why: expect.stringMatching(why) });
    expect(sts.requests).toEqual([]);
    expect(JSON.stringify(identity)).not.toContain(CREDENTIALS.sessionToken);
  });

  it.each([-301_000, 301_000])('because it is %i ms away from now', (awayMs) => {
    const terms = { region: REGION, digest: DIGEST, nowMs: signedAtMs };
    expect(faultOfProof(proof, { ...terms, nowMs: signedAtMs + awayMs })).toMatch(/five minutes/);
    expect(
      faultOfProof(proof, { ...terms, nowMs: signedAtMs + Math.sign(awayMs) * 300_000 }),
    ).toBeUndefined();
  });
});

describe('a proof that STS does not confirm', () => {
  it('is refused when its signature is not of what it says', async () => {
    const forged = withHeaders({
      authorization: String(proof.headers['authorization']).replace(/[0-9a-f]{64}$/, 'f'.repeat(64)),
    });
    expect(await verify(forged)).toEqual({ outcome: 'refused', why: expect.stringContaining('(403)') });
  });

  it('is refused when its signer is of another account', async () => {
    sts.arn = 'arn:aws:iam::999999999999:user/eve';
    expect(await verify()).toEqual({
      outcome: 'refused',
      why: 'The sender is of account 999999999999, not of the deployment’s own.'.replace('’', "'"),
    });
  });

  it.each([
    ['does not answer', 'no-answer' as const],
    ['is in trouble', { statusCode: 503 }],
    ['throttles', { statusCode: 429 }],
    ['throttles as query APIs do', { statusCode: 400, text: '<Error><Code>Throttling</Code></Error>' }],
    ['names nobody', { statusCode: 200, text: '<Arn>kim</Arn>' }],
    ['names two', { statusCode: 200, text: `<Arn>${KIM}</Arn><Arn>${KIM}</Arn>` }],
    ['does not come to an end', { statusCode: 200, text: 'x'.repeat(30_000) }],
    ['hides a name in what does not', { statusCode: 200, text: `<Arn>${KIM}</Arn>${'x'.repeat(30_000)}` }],
  ])('leaves it unknown when STS %s', async (_what, fault) => {
    sts.fault = fault;
    expect(await verify()).toMatchObject({ outcome: 'unknown' });
  });

  it('leaves it unknown when STS cannot be reached', async () => {
    expect(await verify(proof, { endpoint: 'http://127.0.0.1:1' })).toEqual({
      outcome: 'unknown',
      why: 'STS could not be asked (ECONNREFUSED).',
    });
  });
});
