import { describe, expect, it } from 'vitest';
import { destinationFor, parseDestination } from '../../../lambdas/core/use-cases/issue-destination.ts';
import { parseIssueOrder } from '../../../lambdas/core/use-cases/issue-order.ts';
import { parseReaderArn } from '../../../rules/reader-arn.ts';
import { POLICIES } from '../../support/issued-key.ts';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/search-agent`;
const USER = `arn:aws:iam::${ACCOUNT}:user/teams/search/ci@example.com`;
const parse = (readers: unknown, delivery = 'secrets-manager' as const) =>
  parseDestination(delivery, { readers }, ACCOUNT);

describe('readers of a secret', () => {
  it.each([
    ROLE,
    USER,
    `arn:aws-us-gov:iam::${ACCOUNT}:role/service-role/agent`,
    `arn:aws-cn:iam::${ACCOUNT}:user/x`,
  ])('may be %s', (reader) => {
    expect(parse([reader])).toEqual({ ok: true, value: { kind: 'secret', readers: [reader] } });
  });

  it('are kept with the key, each once, beside the name that follows from its id', () => {
    const stated = parse([ROLE, USER, ROLE]);
    const destination = stated.ok
      ? destinationFor('secrets-manager', 'Ab3dEf7hIj9L', stated.value)
      : undefined;
    expect(destination).toEqual({ kind: 'secret', name: 'keyturn/Ab3dEf7hIj9L', readers: [ROLE, USER] });
    const order = parseIssueOrder(
      {
        owner: 'team@example.com',
        name: 'Agent',
        environment: 'live',
        scopes: ['tools:*'],
        delivery: 'secrets-manager',
        readers: [ROLE],
      },
      POLICIES,
      ACCOUNT,
    );
    expect(order).toMatchObject({ ok: true, value: { destination: { kind: 'secret', readers: [ROLE] } } });
  });

  it('need not be named', () => {
    for (const readers of [undefined, []]) expect(parse(readers)).toEqual({ ok: true, value: undefined });
    expect(destinationFor('secrets-manager', 'Ab3dEf7hIj9L', undefined)).toEqual({
      kind: 'secret',
      name: 'keyturn/Ab3dEf7hIj9L',
    });
  });

  it.each([
    '*',
    ACCOUNT,
    `arn:aws:iam::${ACCOUNT}:root`,
    `arn:aws:iam::${ACCOUNT}:group/team`,
    `arn:aws:sts::${ACCOUNT}:assumed-role/search-agent/session`,
    `arn:aws:iam::${ACCOUNT}:role/*`,
    `arn:aws:iam::${ACCOUNT}:role/`,
    `${ROLE}\n`,
    'arn:aws:iam::1111:role/x',
    7,
    null,
    [ROLE],
  ])('may not be %j: everybody, or nobody that Secrets Manager knows', (reader) => {
    expect(parse([reader])).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^Reader '[\s\S]*' is no ARN of a role or a user\.$/),
      hint: expect.stringContaining('arn:aws:iam::111122223333:role/search-agent'),
    });
  });

  it('are of the account of the secret, whose KMS key serves no other', () => {
    const other = 'arn:aws:iam::999988887777:role/search-agent';
    expect(parse([ROLE, other])).toMatchObject({
      ok: false,
      message: `Reader '${other}' is in account 999988887777, and the secret would be in ${ACCOUNT}.`,
    });
    expect(parseReaderArn(other)).toEqual({ ok: true, value: other });
  });

  it.each(['everyone', { 0: ROLE }, Array.from({ length: 21 }, () => ROLE)])(
    'are a list of up to twenty',
    (readers) => {
      expect(parse(readers)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/is no list of up to 20 ARNs/),
      });
    },
  );

  it.each(['operator', 'claim-link', 'vault', 'renewal-key'] as const)(
    'do not go with delivery %s',
    (delivery) => {
      expect(parseDestination(delivery, { readers: [ROLE] }, ACCOUNT)).toMatchObject({
        ok: false,
        message: `Readers go with delivery 'secrets-manager', not with '${delivery}'.`,
      });
    },
  );

  it('do not hide what else is wrong', () => {
    expect(parseDestination('secrets-manager', { readers: [ROLE], vaultPath: 'a/b' }, ACCOUNT)).toMatchObject(
      {
        ok: false,
        message: expect.stringContaining("goes with delivery 'vault'"),
      },
    );
  });
});
