/** Made-up notices for the preview: of each kind every case whose words differ. */
import type { KeyMailNotice, MailFacts, MailNotice } from '../../lambdas/core/domain/notice.ts';
import type { KeyMailKind, MailKind } from '../../rules/mail-kinds.ts';
import { HOUR_MS, MINUTE_MS } from '../../rules/time-units.ts';
import { DELIVERIES, type Delivery } from '../../rules/words.ts';
import { sampleWebhooks } from './sample-webhooks.ts';

export interface Sample {
  /** `extended-held-vault`: names its files. */
  readonly name: string;
  readonly notice: MailNotice;
}

/** One about a key. */
export interface KeySample extends Sample {
  readonly notice: KeyMailNotice;
}

/** @param nowMs when the example is supposed to happen */
export const sampleNotices = (kind: MailKind, nowMs: number): readonly Sample[] =>
  kind === 'webhook-disabled' ? sampleWebhooks(nowMs) : sampleKeyNotices(kind, nowMs);

/** @param nowMs when the example is supposed to happen */
export const sampleKeyNotices = (kind: KeyMailKind, nowMs: number): readonly KeySample[] =>
  Object.entries(CASES[kind]).flatMap(([name, facts]) =>
    DELIVERIES.map((delivery) => ({
      name: [kind, name, delivery].filter(Boolean).join('-'),
      notice: noticeOf(kind, { ...common(delivery, nowMs), ...facts(nowMs) }),
    })),
  );

const noticeOf = (kind: KeyMailKind, facts: MailFacts): KeyMailNotice => ({
  channel: 'mail',
  kind,
  facts,
  recipient: OWNER,
  owner: OWNER,
  keyId: 'FF05xY0L9hQm',
  partition: 'KEY#FF05xY0L9hQm',
  noticeId: `example#${kind}#${OWNER}`,
  madeAtMs: facts.atMs,
});

const OWNER = 'team@example.com';

const common = (delivery: Delivery, nowMs: number): MailFacts => ({
  keyName: 'Search agent',
  environment: 'live',
  delivery,
  atMs: nowMs,
  version: 3,
});

type Case = (nowMs: number) => Partial<MailFacts>;

const rotating: Case = (nowMs) => ({
  oldVersion: 2,
  oldEndsAtMs: nowMs + 72 * HOUR_MS,
  purpose: 'scheduled',
});
const use = { oldRequests: 1_284, newRequests: 20_391 };
const soon: Case = (nowMs) => ({ ...rotating(nowMs), oldEndsAtMs: nowMs + 24 * HOUR_MS });
const LEAKED = { purpose: 'emergency', reason: 'Found in a public repository' } as const;

const lagging: Case = (nowMs) => ({
  stragglers: [
    {
      address: '203.0.113.7',
      userAgent: 'search-agent/2.3 node/24.4.1',
      requests: 1_201,
      lastUsedAtMs: nowMs - MINUTE_MS,
    },
    {
      address: '2001:db8:85a3::8a2e:370:7334',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0',
      requests: 82,
      lastUsedAtMs: nowMs - 7 * HOUR_MS,
    },
    { address: '198.51.100.24', userAgent: '', requests: 1, lastUsedAtMs: nowMs - 29 * HOUR_MS },
  ],
});

const CASES: Readonly<Record<KeyMailKind, Readonly<Record<string, Case>>>> = {
  issued: { '': () => ({ version: 1 }) },
  'rotation-started': {
    '': rotating,
    manual: (nowMs) => ({ ...rotating(nowMs), purpose: 'manual', reason: 'New team takes over the agent' }),
  },
  reminder: {
    '': (nowMs) => ({ ...soon(nowMs), ...use, ...lagging(nowMs) }),
    undelivered: (nowMs) => ({ ...soon(nowMs), undelivered: true }),
    emergency: (nowMs) => ({ ...soon(nowMs), ...LEAKED, oldEndsAtMs: nowMs + HOUR_MS / 2 }),
  },
  extended: {
    '': (nowMs) => ({ ...soon(nowMs), ...use, ...lagging(nowMs), extensions: 1 }),
    held: (nowMs) => ({ ...soon(nowMs), ...use, ...lagging(nowMs), extensions: 7, held: true }),
    undelivered: (nowMs) => ({ ...soon(nowMs), undelivered: true, extensions: 2 }),
  },
  'rolled-back': {
    '': () => ({ version: 2, oldVersion: 3, reason: 'The new version of the agent cannot read its secret' }),
  },
  retired: { '': () => ({ oldVersion: 2, ...use }) },
  emergency: {
    refused: () => ({ ...LEAKED, oldVersion: 2, oldRefused: true }),
    ending: (nowMs) => ({ ...LEAKED, oldVersion: 2, oldEndsAtMs: nowMs + HOUR_MS }),
  },
  'delivery-waiting': {
    first: () => ({ version: 1 }),
    '': soon,
    emergency: (nowMs) => ({ ...LEAKED, oldVersion: 2, oldEndsAtMs: nowMs + HOUR_MS }),
    refused: () => ({ ...LEAKED, oldVersion: 2, oldRefused: true }),
  },
  'received-elsewhere': {
    '': () => ({
      oldVersion: 2,
      receivedBy: 'link',
      receivedFrom: { address: '203.0.113.99', userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)' },
    }),
  },
};
