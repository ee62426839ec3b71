/** A report that was changed is found, whatever was changed with it. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { recordFromExport } from '../../../../cli/report/export-events.ts';
import { reportPage } from '../../../../cli/report/html/page.ts';
import { CHAIN_START, chainEvent } from '../../../../lambdas/core/domain/audit-event.ts';
import { iso } from '../../../../lambdas/core/domain/iso-time.ts';
import { type SealedReport, sealReport } from '../../../../lambdas/core/domain/report/report-hash.ts';
import { MemoryWorld } from '../../../support/memory-world.ts';
import { reportAdmin } from '../../../support/report-admin.ts';
import { eventsOf, playQuarter } from '../../../support/report-story.ts';
import { keyturn, START_MS, type World } from '../fake-world.ts';

const world = new MemoryWorld();
world.clock.nowMs = START_MS - 60 * 86_400_000;
const { startMs } = await playQuarter(world);
const admin = reportAdmin(world);

const folder = mkdtempSync(join(tmpdir(), 'keyturn-check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const made = async (format: 'html' | 'json' | 'csv'): Promise<string> => {
  const file = at(`report.${format}`);
  const args = ['report', '--from', new Date(startMs).toISOString(), '--format', format, '--out', file];
  const { exitCode, stderr } = await keyturn(args, { admin });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return file;
};
const page = await made('html');
const json = await made('json');
const csv = await made('csv');

interface Checked {
  readonly exitCode: number;
  /** By what was checked. */
  readonly verdicts: Readonly<Record<string, string>>;
  readonly stdout: string;
}

async function check(file: string, args: readonly string[] = [], more: World = { admin }): Promise<Checked> {
  const { exitCode, stdout } = await keyturn(['--json', 'report', 'check', file, ...args], more);
  const { findings } = JSON.parse(stdout) as { findings: { what: string; verdict: string }[] };
  return {
    exitCode,
    stdout,
    verdicts: Object.fromEntries(findings.map(({ what, verdict }) => [what, verdict])),
  };
}

const differing = ({ verdicts }: Checked): readonly string[] =>
  Object.keys(verdicts).filter((what) => verdicts[what] === 'differs');

const sealed = (): SealedReport => JSON.parse(readFileSync(json, 'utf8')) as SealedReport;

function written(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

/** Somebody who knows how a report is made: everything that follows from the figures is made anew. */
function forged(change: (text: string) => string): string {
  const { report } = sealed();
  const altered = JSON.parse(change(JSON.stringify(report))) as SealedReport['report'];
  return written('forged.html', reportPage(sealReport(altered)));
}

describe('what was not changed', () => {
  test.each([
    ['page', page],
    ['data', json],
    ['tables', csv],
  ])('matches: %s', async (_form, file) => {
    const checked = await check(file);
    expect(differing(checked)).toEqual([]);
    expect(checked.exitCode).toBe(0);
    expect(checked.verdicts).toMatchObject({
      'hash of the report': 'matches',
      'record: rotations': 'matches',
      fields: 'matches',
    });
  });

  test.each(['<b> & "q" \\ \\u003c \n', 'ä 😀 \u2028'])(
    'matches however its data is indented, with words as people write them: %j',
    async (by) => {
      const { report } = sealed();
      const other = sealReport({ ...report, made: { ...report.made, by } });
      for (const text of [JSON.stringify(other), JSON.stringify(other, null, 7), reportPage(other)])
        expect(differing(await check(written('worded', text)))).toEqual([]);
    },
  );

  test('matches still when keys have changed since: what they were then is not asked of them now', async () => {
    world.clock.nowMs = START_MS;
    await world.issue({ owner: 'later@example.com' });
    const checked = await check(page);
    expect(differing(checked)).toEqual([]);
    expect(checked.verdicts['keys as they stood']).toBe('not-checked');
  });
});

describe('what was changed is found', () => {
  test('a figure in the page', async () => {
    const text = readFileSync(page, 'utf8').replace('<strong>4</strong>', '<strong>5</strong>');
    const checked = await check(written('figure.html', text), ['--offline']);
    expect(differing(checked)).toEqual(['page']);
    expect(checked.exitCode).toBe(1);
  });

  test('a figure in the data', async () => {
    const text = readFileSync(json, 'utf8').replace('"failed": 1', '"failed": 0');
    const checked = await check(written('data.json', text), ['--offline']);
    expect(differing(checked)).toContain('hash of the report');
  });

  test('a figure that everything else was made to agree with, by the record', async () => {
    const file = forged((text) => text.replace('"outcome":"failed"', '"outcome":"completed"'));
    const offline = await check(file, ['--offline']);
    expect(differing(offline)).toEqual([]);
    const online = await check(file);
    expect(differing(online)).toEqual(['record: rotations']);
    expect(online.stdout).toContain('should be');
    expect(online.exitCode).toBe(1);
  });

  test('a sentence on a control', async () => {
    const file = forged((text) => text.replace('1 failed', '0 failed'));
    expect(differing(await check(file, ['--offline']))).toContain('sentences on controls');
  });

  test('how a key stands, where its policy’s figures are not changed with it', async () => {
    const file = forged((text) => text.replace('"standing":"overdue"', '"standing":"within"'));
    expect(differing(await check(file, ['--offline']))).toContain('policies, from their keys');
  });

  const detailOf = ({ stdout }: Checked, of: string): string => {
    const { findings } = JSON.parse(stdout) as { findings: { what: string; detail: string }[] };
    return findings.find(({ what }) => what === of)?.detail ?? '';
  };

  test.each<[string, (text: string) => string]>([
    ['verdict', (text) => text.replace('{', '{"verdict":"compliant",')],
    ['report.note', (text) => text.replace('"report": {', '"report": {"note":{"all":"well"},')],
    ['report.record.rotations.rows.0.note', (text) => text.replace('"rotationId"', '"note":1,"rotationId"')],
    [
      'report.standing.keys.0.approved',
      (text) => text.replace('"ageSeconds"', '"approved":true,"ageSeconds"'),
    ],
    ['report.made.by', (text) => text.replace(/"by": "[^"]*"/, '"by":{"name":"An auditor"}')],
  ])('a field that no report has, with its path: %s', async (path, change) => {
    const text = change(readFileSync(json, 'utf8'));
    const { report } = JSON.parse(text) as SealedReport;
    // Whoever adds it makes the hash fit.
    const fitting = { ...(JSON.parse(text) as object), ...sealReport(report) };
    const checked = await check(written('field.json', JSON.stringify(fitting)), ['--offline']);
    expect(differing(checked)).toContain('fields');
    expect(detailOf(checked, 'fields')).toContain(path);
    expect(checked.exitCode).toBe(1);
  });

  test('a field that stands twice, of which readers take one or the other', async () => {
    const text = readFileSync(json, 'utf8').replace('"failed": 1', '"failed": 0, "failed": 1');
    const checked = await check(written('twice.json', text), ['--offline']);
    expect(differing(checked)).toEqual(['fields']);
    expect(detailOf(checked, 'fields')).toContain("Near 'failed' a field stands twice");
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    [
      'a figure in a table',
      (copy) =>
        writeFileSync(
          join(copy, 'rotations.csv'),
          readFileSync(join(copy, 'rotations.csv'), 'utf8').replace('failed', 'completed'),
        ),
      /rotations\.csv: Line \d+ is not what its data makes/,
    ],
    ['a table that is missing', (copy) => rmSync(join(copy, 'keys.csv')), /keys\.csv is missing/],
    [
      'a file beside them',
      (copy) => writeFileSync(join(copy, 'a.csv'), 'x'),
      /a\.csv is no table of a report/,
    ],
  ])('%s', async (_what, change, detail) => {
    const copy = at('copy');
    cpSync(csv, copy, { recursive: true });
    change(copy);
    const checked = await check(copy, ['--offline']);
    rmSync(copy, { recursive: true });
    expect(differing(checked)).toEqual(['tables']);
    expect(detailOf(checked, 'tables')).toMatch(detail);
  });

  test('an event that is gone from the record', async () => {
    const events = world.table.events.values().next().value as unknown[];
    const last = events.pop();
    expect(differing(await check(json))).toContain('record: events');
    events.push(last);
  });
});

describe('without a deployment', () => {
  const exported = (): string =>
    written(
      'export.jsonl',
      [
        {
          type: 'header',
          format: 1,
          table: 'Keys',
          exportedAt: '2026-11-23T14:00:00.000Z',
          from: null,
          to: null,
          publicKey: 'x',
        },
        ...[...eventsOf(world)].reverse().map((event) => ({ type: 'event', chain: event.chain, event })),
      ]
        .map((record) => JSON.stringify(record))
        .join('\n'),
    );

  test('an export says the same', async () => {
    const checked = await check(page, ['--export', exported()], {});
    expect(differing(checked)).toEqual([]);
    expect(checked.verdicts['record: events']).toBe('matches');
  });

  test('an export finds what was forged', async () => {
    const file = forged((text) => text.replace('"outcome":"failed"', '"outcome":"completed"'));
    expect(differing(await check(file, ['--export', exported()], {}))).toEqual(['record: rotations']);
  });

  test.each([
    ['nothing', ''],
    ['another file', '{"type":"event"}\n'],
    [
      'what an event was altered in',
      () => readFileSync(exported(), 'utf8').replace('"outcome":"', '"outcome":"not '),
    ],
    ['what holds something else', () => `${readFileSync(exported(), 'utf8')}\nnonsense\n`],
  ])('%s is no export', async (_what, text) => {
    const file = written('other.jsonl', typeof text === 'string' ? text : text());
    const { exitCode, stderr } = await keyturn(['report', 'check', json, '--export', file], {});
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no export') });
  });
});

test('a report of another version is not called altered for its words', async () => {
  const { report } = sealed();
  const other = sealReport({
    ...report,
    made: { ...report.made, version: '9.9.9' },
    limits: ['Worded otherwise.'],
  });
  const checked = await check(written('other.json', JSON.stringify(other)), ['--offline']);
  expect(differing(checked)).toEqual([]);
  expect(checked.verdicts['sentences']).toBe('not-comparable');
  expect(checked.exitCode, 'a page that nobody compares may say anything').toBe(1);
});

test('a folder that is no report is refused', async () => {
  mkdirSync(at('empty'));
  const { exitCode, stderr } = await keyturn(['report', 'check', at('empty')], {});
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(at('empty')),
  });
});

test.each([
  ['is not there', undefined],
  ['is no JSON', '{'],
  ['is another page', '<!doctype html><p>Hello</p>'],
  ['is other JSON', '{"report":{"format":"other/1"},"sha256":"x"}'],
  ['lacks its figures', '{"report":{"format":"keyturn-report/1"},"sha256":"x"}'],
])('a file that %s is refused', async (_what, text) => {
  const file = text === undefined ? at('nowhere') : written('odd', text);
  const { exitCode, stderr } = await keyturn(['report', 'check', file], {});
  expect(exitCode).toBe(2);
  expect(stderr).toContain(file);
});

test('in words, what differs is said with the place', async () => {
  const file = forged((text) => text.replace('"outcome":"failed"', '"outcome":"completed"'));
  const { stdout } = await keyturn(['report', 'check', file], { admin });
  expect(stdout).toMatch(/record: rotations +DIFFERS/);
  expect(stdout).toContain('This report is not what it was made as.');
});

test('an export is read by its lines, whatever its texts hold that splits lines elsewhere', async () => {
  const event = chainEvent({ chain: 'pepper' }, CHAIN_START, {
    action: 'pepper.added',
    actor: { principal: 'keyturn:pepper', via: 'x\u2028y\u2029z\u0085' },
    atMs: Date.parse('2026-11-23T14:00:00.000Z'),
    detail: {},
  });
  const header = {
    type: 'header',
    format: 1,
    table: 'Keys',
    exportedAt: iso(event.atMs),
    from: null,
    to: null,
    publicKey: '',
  };
  const records = [header, { type: 'event', chain: 'pepper', event }].map((each) => JSON.stringify(each));
  const builder = await recordFromExport(written('separators.jsonl', `${records.join('\n')}\n`), {
    fromMs: event.atMs,
    toMs: event.atMs + 1,
  });
  expect(builder.record().events.count).toBe(1);
});
