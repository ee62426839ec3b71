/** `keyturn report` on the command line: what it asks for, where it writes, what it refuses. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../../../lambdas/core/domain/report/report.ts';
import { hashOfReport, type SealedReport } from '../../../../lambdas/core/domain/report/report-hash.ts';
import { DAY_MS } from '../../../../rules/time-units.ts';
import { MemoryWorld } from '../../../support/memory-world.ts';
import { reportAdmin } from '../../../support/report-admin.ts';
import { playQuarter } from '../../../support/report-story.ts';
import { keyturn, START_MS, type World } from '../fake-world.ts';

const world = new MemoryWorld();
// Played so that it is over when the command runs.
world.clock.nowMs = START_MS - 60 * DAY_MS;
const story = await playQuarter(world);
const FROM = new Date(story.startMs).toISOString();

const folder = mkdtempSync(join(tmpdir(), 'keyturn-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
let path: string;
let runs = 0;
beforeEach(() => {
  runs += 1;
  path = join(folder, `out-${runs}`);
});

const ask = (args: readonly string[], more: Partial<World> = {}) =>
  keyturn(['report', ...args], { admin: reportAdmin(world), ...more });

const jsonOf = async (...args: string[]): Promise<SealedReport> =>
  JSON.parse((await ask(['--from', FROM, '--format', 'json', ...args])).stdout) as SealedReport;

describe('a report', () => {
  test('follows every page of events, and carries its own hash', async () => {
    const { report, sha256 } = await jsonOf();
    expect(report.record.events.count).toBe(43);
    expect(report.standing.counts.total).toBe(9);
    expect(report.made).toMatchObject({
      by: 'arn:aws:sts::111122223333:assumed-role/operator/kim',
      stack: 'Keyturn',
    });
    expect(hashOfReport(report)).toBe(sha256);
  });

  test('looks up the start of what began before its period', async () => {
    const from = new Date(story.startMs + 7 * DAY_MS).toISOString();
    const { stdout, sent } = await ask(['--from', from, '--format', 'json']);
    const { record } = (JSON.parse(stdout) as { report: Report }).report;
    expect(sent.filter(({ action }) => action === 'rotation')).toEqual([
      { action: 'rotation', input: { keyId: story.keys.moved, rotationId: 'r-moved' } },
    ]);
    expect(record.rotations.rows[0]).toMatchObject({ purpose: 'scheduled', durationMs: 3 * DAY_MS });
    expect(record.rotations.outcomes[0]).toMatchObject({ started: 0, completed: 1 });
  });

  test('asks by name for keys that the list has missed', async () => {
    const admin = reportAdmin(world);
    const whole = admin['report-keys'] as NonNullable<(typeof admin)['report-keys']>;
    const missing: World['admin'] = {
      ...admin,
      'report-keys': async (input, nowMs) => {
        const page = await whole(input, nowMs);
        return input.keyIds
          ? page
          : { ...page, keys: page.keys.filter(({ keyId }) => keyId !== story.keys.late) };
      },
    };
    const { stdout, sent } = await ask(['--from', FROM, '--format', 'json'], { admin: missing });
    expect(sent.filter(({ action }) => action === 'report-keys').at(-1)).toEqual({
      action: 'report-keys',
      input: { keyIds: [story.keys.late] },
    });
    expect((JSON.parse(stdout) as SealedReport).report.standing.counts.total).toBe(9);
  });

  test('does not call what is out of reach unknown', async () => {
    const from = new Date(story.startMs + 7 * DAY_MS).toISOString();
    const admin: World['admin'] = {
      ...reportAdmin(world),
      rotation: () => {
        throw new Error('out of reach');
      },
    };
    expect((await ask(['--from', from, '--format', 'json'], { admin })).exitCode).toBe(1);
  });
});

describe('where it goes', () => {
  test('a file of its own, readable by its owner alone, and what it holds is said', async () => {
    const { exitCode, stdout } = await ask(['--from', FROM, '--out', `${path}.html`]);
    expect(exitCode).toBe(0);
    expect(readFileSync(`${path}.html`, 'utf8')).toMatch(/^<!doctype html>/);
    expect(stdout).toMatch(/rotations +4 completed, 1 failed/);
    expect(stdout).toContain(`keyturn report check ${path}.html`);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('with --json, one JSON value says where', async () => {
    const { stdout } = await ask(
      ['--from', FROM, '--format', 'html', '--out', `${path}.html`, '--json'].slice(),
    );
    expect(JSON.parse(stdout)).toMatchObject({ out: `${path}.html`, format: 'html', events: 43 });
    expect(JSON.parse((await ask(['--from', FROM, '--json'])).stdout)).toHaveProperty('report.format');
  });

  test('CSV is a folder of tables, and never among other files', async () => {
    const made = await ask(['--from', FROM, '--format', 'csv', '--out', path]);
    expect(made.exitCode).toBe(0);
    expect(made.stdout).toContain(`keyturn report check ${path}`);
    expect(readdirSync(path)).toContain('rotations.csv');
    expect(readFileSync(join(path, 'rotations.csv'), 'utf8').split('\r\n')).toHaveLength(6 + 2);
    const again = await ask(['--from', FROM, '--format', 'csv', '--out', path]);
    expect(again).toMatchObject({ exitCode: 2, sent: [], stderr: expect.stringContaining('already') });
  });

  test.each(['html', 'json', 'csv'])(
    'never over what is there, nor what comes meanwhile: %s',
    async (format) => {
      const args = ['--from', FROM, '--format', format, '--out', path];
      const theirs = { ...reportAdmin(world) };
      const digests = theirs['audit-digests'] as NonNullable<(typeof theirs)['audit-digests']>;
      const meanwhile: World['admin'] = {
        ...theirs,
        'audit-digests': (input, nowMs) => {
          writeFileSync(path, 'theirs');
          return digests(input, nowMs);
        },
      };
      const late = await ask(args, { admin: meanwhile });
      expect(late).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('has made') });
      const again = await ask(args);
      expect(again).toMatchObject({ exitCode: 2, sent: [], stderr: expect.stringContaining('already') });
      expect(readFileSync(path, 'utf8')).toBe('theirs');
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    },
  );

  test('a page through a pipe, and never into a terminal', async () => {
    expect((await ask(['--from', FROM])).stdout).toMatch(/^<!doctype html>/);
    const refused = await ask(['--from', FROM, '--out', '-'], { stdoutIsTty: true });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '', sent: [] });
  });

  test('what cannot be written leaves what was there', async () => {
    writeFileSync(path, 'before');
    const inside = join(path, 'report.html');
    expect(await ask(['--from', FROM, '--out', inside])).toMatchObject({ exitCode: 1 });
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(existsSync(inside)).toBe(false);
  });
});

describe('bad usage is said before anything is asked', () => {
  test.each([
    [[], '--from is not given'],
    [['--from', 'yesterday'], "--from 'yesterday' is no time"],
    [['--from', '2026-11-10', '--to', '2026-11-01'], 'has no time in it'],
    [['--from', '2026-12-24'], 'is in the future'],
    [['--from', '2026-11-01', '--to', '2027-01-01'], "--to '2027-01-01' is in the future"],
    [['--from', '2020-01-01', '--to', '2026-01-01'], 'more than 1096'],
    [['--from', 'PT0S'], 'is in the future'],
    [['--from', FROM, '--format', 'pdf'], 'pdf'],
    [['--from', FROM, '--format', 'csv', '--out', '-'], 'a folder of tables'],
    [['--from', FROM, '--format', 'html', '--out', '-', '--json'], 'standard output holds JSON'],
  ])('%j', async (args, said) => {
    const { exitCode, stderr, sent } = await ask(args);
    expect({ exitCode, sent }).toEqual({ exitCode: 2, sent: [] });
    expect(stderr).toContain(said);
  });
});

test('a day that is not over ends now', async () => {
  const { report } = await jsonOf('--to', '2026-11-23');
  expect(report.period.to).toBe(new Date(START_MS).toISOString());
});
