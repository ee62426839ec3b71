import { describe, expect, test } from 'vitest';
import type {
  WebhookDetails,
  WebhookTested,
  WebhookView,
} from '../../../lambdas/functions/admin/webhook-contract.ts';
import { keyturn } from './fake-world.ts';
import { refusal } from './samples.ts';

const ID = 'wh_Ab3dEf7hIj9L';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const VIEW: WebhookView = {
  webhookId: ID,
  url: 'https://hooks.example.com/keyturn',
  owner: 'a@example.com',
  events: ['key.issued'],
  description: 'Chat',
  status: 'enabled',
  statusSince: '2026-11-23T13:00:00.000Z',
  statusReason: null,
  createdAt: '2026-11-23T13:00:00.000Z',
  secretSince: '2026-11-23T13:00:00.000Z',
  formerSecretUntil: null,
};
const TRIED = {
  messageId: 'msg_1',
  type: 'key.issued',
  at: '2026-11-23T13:59:00.000Z',
  attempt: 1,
  delivered: true,
  status: 200,
  durationMs: 84,
  failure: null,
};
const DETAILS: WebhookDetails = {
  ...VIEW,
  health: {
    delivered: 4,
    failed: 2,
    failedInARow: 1,
    failingSince: '2026-11-23T13:59:30.000Z',
    lastDeliveredAt: '2026-11-23T13:59:00.000Z',
    lastFailedAt: '2026-11-23T13:59:30.000Z',
  },
  deliveries: [
    {
      ...TRIED,
      attempt: 2,
      at: '2026-11-23T13:59:30.000Z',
      delivered: false,
      status: 500,
      failure: 'It answered 500.',
    },
    TRIED,
  ],
};
const TESTED: WebhookTested = {
  webhookId: ID,
  ...TRIED,
  type: 'webhook.test',
  attempt: 0,
  answer: 'thank you',
};

describe('webhooks add', () => {
  const add = (...more: string[]) =>
    keyturn(['webhooks', 'add', 'https://hooks.example.com/keyturn', ...more], {
      admin: { 'add-webhook': () => ({ ...VIEW, secret: SECRET }) },
    });

  test('sends what is asked for, and prints the secret this once', async () => {
    const { exitCode, stdout, sent } = await add(
      '--owner',
      'a@example.com',
      '--event',
      'key.issued,key.revoked',
      '--event',
      'rotation.started',
      '--description',
      'Chat',
    );
    expect({ exitCode, sent }).toEqual({
      exitCode: 0,
      sent: [
        {
          action: 'add-webhook',
          input: {
            url: 'https://hooks.example.com/keyturn',
            owner: 'a@example.com',
            events: ['key.issued', 'key.revoked', 'rotation.started'],
            description: 'Chat',
          },
        },
      ],
    });
    expect(stdout).toMatch(new RegExp(`^webhook +${ID}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^${SECRET}$`, 'm'));
    expect(stdout).toMatch(/^owner +a@example\.com$/m);
  });

  test('--json is the webhook with its secret, and nothing else', async () => {
    const { stdout, sent } = await add('--json');
    expect(JSON.parse(stdout)).toEqual({ ...VIEW, secret: SECRET });
    expect(sent[0]?.input).toEqual({ url: 'https://hooks.example.com/keyturn' });
  });

  test.each([
    [['webhooks', 'add', 'http://hooks.example.com'], /https:\/\/hooks\.example\.com\/keyturn/],
    [['webhooks', 'add', 'hooks.example.com'], /whole https address/],
    [['webhooks', 'add'], /missing required argument 'url'/i],
    [
      ['webhooks', 'add', 'https://a.example.com', '--event', 'key.gone'],
      /'key\.gone' is none\. Types are key\.…, rotation\.…, .*: docs\/webhooks\.md lists all/s,
    ],
    [
      ['webhooks', 'add', 'https://a.example.com', '--event', 'key.issued,key.revokd'],
      /'key\.revokd' is none\. Did you mean key\.revoked\?/,
    ],
    [['webhooks', 'show', 'Ab3dEf7hIj9L'], /wh_Ab3dEf7hIj9L/],
    [['webhooks', 'disable', ID], /--reason/],
  ])('%j is bad usage, and nothing is sent', async (args, message) => {
    const { exitCode, stderr, sent } = await keyturn(args);
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toMatch(message);
  });

  test('says why an address is refused', async () => {
    const { exitCode, stderr } = await keyturn(['webhooks', 'add', 'https://hooks.example.com', '--json'], {
      admin: {
        'add-webhook': () => {
          throw refusal('address-refused');
        },
      },
    });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'address-refused' } });
  });
});

describe('webhooks list and show', () => {
  test('list has a line each, and says why one is disabled', async () => {
    const disabled: WebhookView = {
      ...VIEW,
      owner: null,
      events: [],
      status: 'disabled',
      statusReason: 'It is gone.',
    };
    const { stdout, sent } = await keyturn(['webhooks', 'list', '--owner', 'a@example.com'], {
      admin: { webhooks: () => ({ webhooks: [VIEW, disabled] }) },
    });
    expect(sent[0]).toEqual({ action: 'webhooks', input: { owner: 'a@example.com' } });
    expect(stdout).toMatch(/^WEBHOOK +URL +OWNER +EVENTS +STATUS +SINCE\n/);
    expect(stdout).toMatch(new RegExp(`^${ID} .* a@example.com +key.issued +enabled +1h ago$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^${ID} .* all +all +disabled +1h ago$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^${ID}: It is gone\\.$`, 'm'));
  });

  test('list says that there is none', async () => {
    const { stdout } = await keyturn(['webhooks', 'list'], { admin: { webhooks: () => ({ webhooks: [] }) } });
    expect(stdout).toMatch(/There is no webhook\. .*keyturn webhooks add/);
  });

  test('show has its health and its latest deliveries', async () => {
    const { stdout } = await keyturn(['webhooks', 'show', ID], { admin: { webhook: () => DETAILS } });
    expect(stdout).toMatch(/^delivered +4, the last 1m ago$/m);
    expect(stdout).toMatch(/^failing +since .*: 1 in a row$/m);
    const labels = ['webhook', 'status', 'delivered', 'failed tries', 'failing'];
    const valuesAt = labels.map((label) => stdout.match(new RegExp(`^${label} +`, 'm'))?.[0].length);
    expect(new Set(valuesAt).size).toBe(1);
    expect(stdout).toMatch(/^30s ago +key\.issued +msg_1 +2 +84 ms +It answered 500\.$/m);
    expect(stdout).toMatch(/^1m ago +key\.issued +msg_1 +1 +84 ms +delivered \(200\)$/m);
  });

  test('show says that nothing was sent, and --json is the view', async () => {
    const quiet = { ...DETAILS, deliveries: [] };
    expect((await keyturn(['webhooks', 'show', ID], { admin: { webhook: () => quiet } })).stdout).toMatch(
      /Nothing was sent/,
    );
    const { stdout } = await keyturn(['webhooks', 'show', ID, '--json'], {
      admin: { webhook: () => DETAILS },
    });
    expect(JSON.parse(stdout)).toEqual(DETAILS);
  });
});

describe('webhooks test', () => {
  test('shows what came back', async () => {
    const { exitCode, stdout } = await keyturn(['webhooks', 'test', ID], {
      admin: { 'test-webhook': () => TESTED },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${ID}  delivered: it answered 200 after 84 ms`);
    expect(stdout).toMatch(/^answer +thank you$/m);
  });

  test('exits 1 when the receiver does not take it, and says why', async () => {
    const failed = {
      ...TESTED,
      delivered: false,
      status: null,
      failure: 'Its certificate has expired.',
      answer: '',
    };
    const { exitCode, stdout } = await keyturn(['webhooks', 'test', ID], {
      admin: { 'test-webhook': () => failed },
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('not delivered after 84 ms: Its certificate has expired.');
  });
});

describe('webhooks rotate-secret', () => {
  const admin = {
    'rotate-webhook-secret': ({ immediate = false }) => ({
      webhookId: ID,
      secret: SECRET,
      formerSecretUntil: immediate ? null : '2026-11-24T14:00:00.000Z',
    }),
  };

  test('prints the secret, and until when both sign', async () => {
    const { stdout, sent } = await keyturn(['webhooks', 'rotate-secret', ID], { admin });
    expect(sent).toEqual([{ action: 'rotate-webhook-secret', input: { webhookId: ID, immediate: false } }]);
    expect(stdout).toMatch(new RegExp(`^${SECRET}$`, 'm'));
    expect(stdout).toMatch(/signed by both secrets until 2026-11-24T14:00:00Z/);
  });

  test('--immediate asks first', async () => {
    expect((await keyturn(['webhooks', 'rotate-secret', ID, '--immediate'], { admin })).exitCode).toBe(2);
    const no = await keyturn(['webhooks', 'rotate-secret', ID, '--immediate'], { admin, answer: false });
    expect({ exitCode: no.exitCode, sent: no.sent }).toEqual({ exitCode: 1, sent: [] });
    const yes = await keyturn(['webhooks', 'rotate-secret', ID, '--immediate', '--yes'], { admin });
    expect(yes.stdout).toMatch(/by this secret alone/);
  });
});

describe('webhooks enable, disable and remove', () => {
  test.each(['enable', 'disable'] as const)('%s sends the reason', async (command) => {
    const { exitCode, stdout, sent } = await keyturn(['webhooks', command, ID, '--reason', 'Maintenance'], {
      admin: { 'enable-webhook': () => VIEW, 'disable-webhook': () => VIEW },
    });
    expect({ exitCode, sent }).toEqual({
      exitCode: 0,
      sent: [{ action: `${command}-webhook`, input: { webhookId: ID, reason: 'Maintenance' } }],
    });
    expect(stdout).toMatch(/^status +enabled since/m);
  });

  test('remove asks first', async () => {
    const admin = { 'remove-webhook': () => ({ ...VIEW, status: 'removed' as const }) };
    expect((await keyturn(['webhooks', 'remove', ID], { admin })).exitCode).toBe(2);
    const no = await keyturn(['webhooks', 'remove', ID], { admin, answer: false });
    expect({ exitCode: no.exitCode, sent: no.sent }).toEqual({ exitCode: 1, sent: [] });
    const yes = await keyturn(['webhooks', 'remove', ID], { admin, answer: true });
    expect(yes.questions[0]).toContain(`Remove webhook ${ID} for good`);
    expect({ exitCode: yes.exitCode, sent: yes.sent }).toEqual({
      exitCode: 0,
      sent: [{ action: 'remove-webhook', input: { webhookId: ID } }],
    });
    expect(yes.stdout).toContain(`${ID} is removed`);
  });
});
