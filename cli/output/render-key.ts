/** Keys as people read them: what was issued, one key in full, a page of keys. */
import type { IssuedKey, KeySummary, KeyView, VersionView } from '../../lambdas/functions/admin/contract.ts';
import type { Paint } from './paint.ts';
import { deliveryText, linkBlock, mailedText } from './render-delivery.ts';
import { disputeLines } from './render-dispute.ts';
import { mailBlockLines } from './render-mail-blocks.ts';
import { noticesLine } from './render-notices.ts';
import { rotationBlock } from './render-rotation.ts';
import { secretBlock } from './render-secret.ts';
import { block, type Column, table } from './table.ts';
import { moment } from './time.ts';

type Painter = (text: string) => string;

const statusPaint = (status: string, paint: Paint): Painter => {
  if (status === 'enabled' || status === 'active') return paint.good;
  if (status === 'revoked' || status === 'retired') return paint.dim;
  return paint.warn;
};

const COMPARE =
  'Compare the thumbprint with what the owner of the key says, by another way than the file came. Whoever has the\nprivate key to it gets the key, and every one after it.';

export function issuedKey(issued: IssuedKey, paint: Paint, nowMs: number): string {
  const facts = block(
    [
      ['owner', issued.owner],
      ['name', issued.name],
      ['environment', issued.environment],
      ['scopes', issued.scopes.join(' ')],
      ['policy', issued.policy],
      ['delivery', issued.delivery],
      ['read from', issued.place ?? null],
      ['thumbprint', issued.thumbprint ?? null],
      ['created', moment(issued.createdAt, nowMs)],
    ],
    paint.dim,
  );
  const head = `${paint.good('Issued')} key ${paint.bold(issued.keyId)}, version ${issued.version}`;
  const parts = [
    issued.key && secretBlock(issued.key, paint),
    issued.link && linkBlock(issued.link, paint),
    isMailed(issued) && `${mailedText(issued.owner)}\n`,
    issued.thumbprint && `${paint.dim(COMPARE)}\n`,
    issued.deliveryFailure &&
      `${paint.bad(issued.deliveryFailure)} Try again: keyturn deliver ${issued.keyId} --again\n`,
  ].filter(Boolean);
  return [`${head}\n\n${facts}\n`, ...parts].join('\n');
}

const isMailed = ({ delivery, link, deliveryFailure }: IssuedKey): boolean =>
  delivery === 'claim-link' && !link && !deliveryFailure;

export function keyView(key: KeyView, paint: Paint, nowMs: number): string {
  const facts = block(
    [
      ['owner', key.owner],
      ['told too', key.recipients.length > 0 ? key.recipients.join(' ') : null],
      ['name', key.name],
      ['purpose', key.purpose],
      ['environment', key.environment],
      ['scopes', key.scopes.join(' ')],
      ['allowed from', key.allowedAddresses.length > 0 ? key.allowedAddresses.join(' ') : 'anywhere'],
      ['policy', key.policy],
      ['delivery', key.delivery],
      ['read from', key.place],
      ['created', moment(key.createdAt, nowMs)],
      ['next rotation', key.status === 'revoked' ? null : moment(key.dueAt, nowMs)],
      ['exempt until', key.exemptUntil && moment(key.exemptUntil, nowMs)],
    ],
    paint.dim,
  );
  const parts = [
    `Key ${paint.bold(key.keyId)}  ${statusPaint(key.status, paint)(key.status)}`,
    facts,
    versionTable(key.versions, paint, nowMs),
    ...deliveryLine(key, paint, nowMs),
    ...disputeLines(key, paint, nowMs),
    ...mailBlockLines(key.mail, paint, nowMs),
    ...(key.rotation ? [rotationBlock(key.rotation, paint, nowMs)] : []),
    ...noticesLine(key.keyId, key.notices, paint, nowMs),
    ...(key.claimable ? [paint.warn(`A new key waits to be taken, once: keyturn claim ${key.keyId}`)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Of the newest version that is not refused: those before it were received, or are no more. */
function deliveryLine(key: KeyView, paint: Paint, nowMs: number): readonly string[] {
  const newest = key.versions.findLast(({ status }) => status !== 'retired');
  if (!newest) return [];
  const text = deliveryText(newest.delivery, paint, nowMs);
  const waits = key.waitsUntil && paint.dim(`The new key waits until ${moment(key.waitsUntil, nowMs)}.`);
  const lines = [text && `Version ${newest.version}: ${text}`, waits, key.lost && paint.bad(lostText(key))];
  const said = lines.filter((line) => line !== null && line !== false);
  return said.length > 0 ? [said.join('\n')] : [];
}

/** Nobody has it and nobody can get it: what its owner uses now goes on until somebody makes another. */
function lostText({ keyId, versions, rotation }: KeyView): string {
  const lost = versions.findLast(({ status }) => status === 'active')?.version;
  const again = `keyturn rotate ${keyId}`;
  const isRunning = rotation !== null && rotation.endedAt === null;
  return [
    `Version ${lost} was never received, and its key is gone: it waits for 14 days. Nobody can get it any more.`,
    isRunning
      ? `The version before it works on. Go back to it, then make another: keyturn rollback ${keyId} --reason …, ${again}`
      : `Make another: ${again}`,
  ].join('\n');
}

function versionTable(versions: readonly VersionView[], paint: Paint, nowMs: number): string {
  const columns: readonly Column<VersionView>[] = [
    { title: 'VERSION', value: ({ version }) => String(version), align: 'right' },
    {
      title: 'STATUS',
      value: ({ status }) => status,
      paint: (cell, { status }) => statusPaint(status, paint)(cell),
    },
    { title: 'REQUESTS', value: ({ requests }) => String(requests), align: 'right' },
    { title: 'LAST USED', value: ({ lastUsedAt }) => (lastUsedAt ? moment(lastUsedAt, nowMs) : 'never') },
    { title: 'CREATED', value: ({ createdAt }) => moment(createdAt, nowMs) },
    { title: 'EXPIRES', value: ({ expiresAt }) => (expiresAt ? moment(expiresAt, nowMs) : '–') },
  ];
  return table(columns, versions, paint.dim);
}

export function keyTable(
  page: { readonly keys: readonly KeySummary[]; readonly nextToken: string | null },
  asked: { readonly owner?: string; readonly status?: string },
  paint: Paint,
  nowMs: number,
): string {
  if (page.keys.length === 0) {
    const whose = asked.owner === undefined ? '' : ` of ${asked.owner}`;
    if (asked.status === 'all') return `There are no keys${whose}.\n`;
    return asked.status === undefined
      ? `There are no keys${whose}. Revoked ones are listed with --status all.\n`
      : `There are no ${asked.status} keys${whose}. Others are listed with --status all.\n`;
  }
  const columns: readonly Column<KeySummary>[] = [
    { title: 'KEY ID', value: ({ keyId }) => keyId, paint: (cell) => paint.bold(cell) },
    {
      title: 'STATUS',
      value: ({ status }) => status,
      paint: (cell, { status }) => statusPaint(status, paint)(cell),
    },
    { title: 'ENV', value: ({ environment }) => environment },
    { title: 'OWNER', value: ({ owner }) => owner },
    { title: 'NAME', value: ({ name }) => name },
    { title: 'POLICY', value: ({ policy }) => policy },
    {
      title: 'VERSION',
      value: ({ activeVersion, rotating }) => `${activeVersion ?? '–'}${rotating ? ' (rotating)' : ''}`,
    },
    {
      title: 'NEXT ROTATION',
      value: ({ dueAt, status }) => (status === 'revoked' ? '–' : moment(dueAt, nowMs)),
    },
  ];
  const more = page.nextToken ? `\n${paint.dim(`More: add --next-token ${page.nextToken}`)}\n` : '';
  return `${table(columns, page.keys, paint.dim)}\n${more}`;
}
