/** Policy against fact, key by key: those past their policy first. */
import {
  type KeyRow,
  type PolicyRow,
  STANDINGS,
} from '../../../../lambdas/core/domain/report/policy-standing.ts';
import type { Report } from '../../../../lambdas/core/domain/report/report.ts';
import { html, type Part } from '../../../../lambdas/functions/page-html.ts';
import { keyAges } from '../charts/key-ages.ts';
import type { Section } from '../section.ts';
import { type Column, table } from '../table.ts';
import { lastedSeconds, minute, number, or } from '../words.ts';

/** What needs eyes comes first. */
const ORDER: readonly KeyRow['standing'][] = [
  'overdue',
  'unknown-policy',
  'due',
  'rotating',
  'exempt',
  'within',
  'refused',
];

export function policy(report: Report): Section {
  const { counts, keys, policies, readTo } = report.standing;
  const rank = new Map(ORDER.map((standing, index) => [standing, index]));
  const rows = [...keys].sort(
    (one, other) =>
      (rank.get(one.standing) ?? 0) - (rank.get(other.standing) ?? 0) ||
      (other.ageSeconds ?? 0) - (one.ageSeconds ?? 0),
  );
  const exempt = keys.filter(({ status, exemptUntil }) => status === 'enabled' && exemptUntil !== null);
  return {
    id: 'policy',
    title: 'Policy against fact',
    lead: `How old the version in use of each key is, against how old its policy lets it become. As the keys stood at ${readTo.slice(0, 19).replace('T', ' ')}, when the report was made.`,
    body: html`<dl class="facts">
<dt>Keys on record</dt><dd>${number(counts.total)}: ${number(counts.enabled)} enabled, ${number(counts.disabled)} disabled, ${number(counts.revoked)} revoked</dd>
</dl>
${table<PolicyRow>(POLICIES, policies, { caption: 'Enabled keys by policy', empty: 'no key is enabled.' })}
${keyAges(report)}
<h3>Overdue</h3>
${table<KeyRow>(
  KEYS,
  rows.filter(({ standing }) => standing === 'overdue'),
  {
    caption: 'Overdue keys: due for more than 25 hours, not exempt, not rotating',
    empty: 'none.',
    order: 'the oldest',
  },
)}
<h3>Exempt</h3>
${table<KeyRow>(EXEMPT, exempt, { caption: 'Exempt keys: passed over by the schedule, with the stated reason', empty: 'none.' })}
<h3>Every key</h3>
${table<KeyRow>(KEYS, rows, { caption: 'Keys against their policies', empty: 'no key is on record.', order: 'those past their policy' })}`,
  };
}

const WORDS: Readonly<Record<KeyRow['standing'], string>> = {
  within: 'within',
  due: 'due',
  overdue: 'OVERDUE',
  exempt: 'exempt',
  rotating: 'rotating',
  'unknown-policy': 'policy unknown',
  refused: 'refused',
};

const POLICIES: readonly Column<PolicyRow>[] = [
  { title: 'Policy', value: (row) => row.policy, heads: true },
  { title: 'Rotate every', value: (row) => lastedSeconds(row.rotateEverySeconds), align: 'right' },
  { title: 'Keys', value: (row) => row.keys, align: 'right' },
  ...STANDINGS.filter((standing) => standing !== 'refused').map(
    (standing): Column<PolicyRow> => ({
      title: standing === 'unknown-policy' ? 'Unknown' : `${standing[0]?.toUpperCase()}${standing.slice(1)}`,
      value: (row) => row.standings[standing],
      align: 'right',
    }),
  ),
  { title: 'Oldest', value: (row) => lastedSeconds(row.oldestSeconds), align: 'right' },
];

const WHOSE: readonly Column<KeyRow>[] = [
  { title: 'Key', value: (row) => html`<code>${row.keyId}</code>`, heads: true },
  { title: 'Owner', value: (row) => row.owner, align: 'name' },
  { title: 'Name', value: (row) => row.name, align: 'name' },
  { title: 'Policy', value: (row) => row.policy, align: 'name' },
];

/** Its times as the other columns have them. */
const told = (why: string | null): Part =>
  why === null
    ? '–'
    : why.split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/).map((part, at) => (at % 2 === 1 ? minute(part) : part));

const KEYS: readonly Column<KeyRow>[] = [
  ...WHOSE,
  {
    title: 'Standing',
    value: (row) => html`<span class="standing ${row.standing}">${WORDS[row.standing]}</span>`,
  },
  { title: 'Age', value: (row) => lastedSeconds(row.ageSeconds), align: 'right' },
  { title: 'Allowed', value: (row) => lastedSeconds(row.rotateEverySeconds), align: 'right' },
  { title: 'Due', value: (row) => minute(row.dueAt) },
  { title: 'Last rotated', value: (row) => minute(row.rotatedAt) },
  { title: 'Version', value: (row) => or(row.activeVersion), align: 'right' },
  { title: 'Why', value: (row) => told(row.why), align: 'text' },
];

const EXEMPT: readonly Column<KeyRow>[] = [
  ...WHOSE,
  { title: 'Until', value: (row) => minute(row.exemptUntil) },
  { title: 'Reason', value: (row) => or(row.exemptReason), align: 'text' },
  { title: 'Standing', value: (row) => WORDS[row.standing] },
];
