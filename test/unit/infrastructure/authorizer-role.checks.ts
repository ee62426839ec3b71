/** What an authorizer may do: read one item, count, and nothing that decides. */
import { describe, expect, it } from 'vitest';
import { AUTHORIZING_ATTRIBUTES } from '../../../lambdas/adapters/dynamodb/key-item.ts';
import { pepperFaultUpdate, TOLD_ATTRIBUTES } from '../../../lambdas/adapters/dynamodb/pepper-fault-item.ts';
import { useUpdate } from '../../../lambdas/adapters/dynamodb/use-item.ts';
import { retiredUseUpdate, wrongKeyUpdate } from '../../../lambdas/adapters/dynamodb/wrong-key-item.ts';
import { PEPPER_USERS } from '../../../lambdas/core/domain/pepper-fault.ts';
import { type Statement, statementsOf } from '../../support/statements.ts';
import { plain } from '../../support/template.ts';
import {
  AUTHORIZERS,
  dataKey,
  logs,
  notingFaults,
  pepper,
  TABLE,
  template,
  writableOfFaults,
} from './roles-of-the-stack.ts';

/** What the authorizer's UpdateItem may touch. */
const WRITABLE = [
  'pk',
  'sk',
  'version',
  'requests',
  'deprecatingRequests',
  'lastUsedAtMs',
  'ttl',
  'callerTags',
  'caller_*',
  'callerRequests_*',
  'minute_*',
  'firstUsesMs',
  'firstRefusalsMs',
];

/** Of the counters of wrong keys, which lie apart from keys. */
const WRITABLE_OF_WRONG_KEYS = [
  'pk',
  'sk',
  'version',
  'requests',
  'reason_*',
  'firstAtMs',
  'lastAtMs',
  'caller_*',
  'ttl',
];

describe.each(AUTHORIZERS)('the role of %s', (authorizer) => {
  const statements = statementsOf(template, authorizer);

  it('reads one item, counts uses and wrong keys, reads the pepper, and can do nothing else', () => {
    const LeadingKeys = { 'dynamodb:LeadingKeys': ['KEY#*'] };
    expect(statements).toEqual([
      logs(authorizer),
      {
        actions: ['dynamodb:GetItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': LeadingKeys },
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: { 'ForAllValues:StringLike': { ...LeadingKeys, 'dynamodb:Attributes': WRITABLE } },
      },
      {
        actions: ['dynamodb:UpdateItem'],
        resources: [TABLE],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': ['WRONG#*'],
            'dynamodb:Attributes': WRITABLE_OF_WRONG_KEYS,
          },
        },
      },
      notingFaults('authorizer'),
      pepper,
      dataKey,
    ]);
  });

  it('uses the data key only through the two services that hold data under it', () => {
    const { StringEquals } = (statements.at(-1) as Statement).conditions as {
      StringEquals: Record<string, unknown[]>;
    };
    expect(StringEquals['kms:ViaService']?.map(plain)).toEqual([
      'dynamodb.<AWS::Region>.<AWS::URLSuffix>',
      'secretsmanager.<AWS::Region>.<AWS::URLSuffix>',
    ]);
  });
});

describe('what an authorizer may write', () => {
  const covered = (attribute: string, writable = WRITABLE) =>
    writable.some((name) =>
      name.endsWith('*') ? attribute.startsWith(name.slice(0, -1)) : attribute === name,
    );

  it('covers all that counting a use writes', () => {
    const caller = { address: '192.0.2.1', userAgent: 'agent', requests: 1, lastUsedAtMs: 0 };
    const { Key, ExpressionAttributeNames } = useUpdate({
      keyId: 'k',
      version: 1,
      hourMs: 0,
      requests: 1,
      deprecatingRequests: 1,
      minutes: { 0: 1, 59: 1 },
      lastUsedAtMs: 0,
      callers: [caller],
    });
    const written = [...Object.keys(Key), ...Object.values(ExpressionAttributeNames)];
    expect(written.filter((attribute) => !covered(attribute))).toEqual([]);
  });

  it('covers all that counting wrong keys writes', () => {
    const caller = { address: '192.0.2.1', userAgent: 'agent', lastUsedAtMs: 0 };
    const reasons = { malformed: 1, unknown: 1, 'wrong-secret': 1, expired: 1, retired: 1 };
    const callers = Array(9).fill(caller);
    const updates = [
      wrongKeyUpdate(0, {
        source: { kind: 'others' },
        requests: 1,
        reasons,
        firstAtMs: 0,
        lastAtMs: 0,
        callers,
      }),
      retiredUseUpdate(0, { keyId: 'k', version: 1, address: 'a', userAgent: 'u', atMs: 0 }),
    ];
    for (const { Key, ExpressionAttributeNames } of updates) {
      const written = [...Object.keys(Key), ...Object.values(ExpressionAttributeNames)];
      expect(written.filter((attribute) => !covered(attribute, WRITABLE_OF_WRONG_KEYS))).toEqual([]);
      expect(Key['pk']).toMatch(/^WRONG#/);
    }
  });

  it('covers all that noting a trouble with the pepper writes, and nothing by which it is told', () => {
    const fault = { trouble: 'missing', pepperVersion: '1', windowMs: 0, firstAtMs: 0, lastAtMs: 0 } as const;
    for (const user of PEPPER_USERS) {
      const { Key, ExpressionAttributeNames } = pepperFaultUpdate({ ...fault, metBy: { [user]: 1 } });
      const written = [...Object.keys(Key), ...Object.values(ExpressionAttributeNames)];
      expect(written.filter((attribute) => !covered(attribute, writableOfFaults(user)))).toEqual([]);
      expect(Key['pk']).toBe('FAULTS');
      for (const told of Object.values(TOLD_ATTRIBUTES))
        expect(covered(told, writableOfFaults(user))).toBe(false);
    }
  });

  it('is nothing that decides: no status, version list, scope, owner, rotation or audit head', () => {
    const deciding = AUTHORIZING_ATTRIBUTES.filter((name) => !/^first(Uses|Refusals)Ms$/.test(name));
    const more = ['rotation', 'revision', 'audit', 'policy', 'dueAtMs', 'sealed', 'event'];
    expect([...deciding, ...more].filter((attribute) => covered(attribute))).toEqual([]);
  });
});
