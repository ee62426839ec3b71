import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PREVIEW_KINDS, type Preview } from '../../../cli/notices/write-preview.ts';
import { keyturn } from './fake-world.ts';

const base = mkdtempSync(join(tmpdir(), 'keyturn-preview-test-'));
afterAll(() => rmSync(base, { recursive: true }));

const preview = (folder: string, ...args: string[]) =>
  keyturn(['notices', 'preview', ...args, '--out', join(base, folder)]);
const read = (...path: string[]) => readFileSync(join(base, ...path), 'utf8');

describe('keyturn notices preview', () => {
  test('writes every kind as HTML, text and mail, without any deployment', async () => {
    const { exitCode, stdout, lookedFor, opened } = await preview('all', '--json');
    expect(exitCode).toBe(0);
    expect(lookedFor).toEqual([]);
    expect(opened).toEqual([]);
    const { folder, index, mails } = JSON.parse(stdout) as Preview;
    expect([folder, index]).toEqual([join(base, 'all'), join(base, 'all', 'index.html')]);
    expect([...new Set(mails.map(({ kind }) => kind))]).toEqual([...PREVIEW_KINDS]);
    const files = mails.flatMap((mail) => Object.values(mail.files));
    expect(readdirSync(folder).sort()).toEqual([...files, 'index.html'].sort());
    expect(new Set(files).size).toBe(files.length);
    for (const { files: own, subject } of mails) {
      expect(read('all', own.html)).toContain('<!doctype html>');
      expect(read('all', own.text).startsWith(`${subject}\n\n`)).toBe(true);
      expect(read('all', own.eml)).toMatch(/^From: keys@example\.com\r\nTo: team@example\.com\r\nSubject: /m);
      expect(read('all', 'index.html')).toContain(`<a href="${own.html}">`);
    }
  });

  test('of one kind, in a language, by a clock, with a footer', async () => {
    const { exitCode, stdout } = await preview(
      'one',
      ...['retired', '--locale', 'de', '--time-zone', 'Europe/Berlin', '--footer', 'Hilfe zu {{keyId}}'],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Der alte API-Schlüssel für „Search agent“ wird jetzt abgelehnt');
    expect(readdirSync(join(base, 'one')).every((name) => /^(retired-|index)/.test(name))).toBe(true);
    const text = read('one', 'retired-vault.txt');
    expect(text).toMatch(/\sMEZ \(\d\d:\d\d\sUTC\)/);
    expect(text).toContain('Hilfe zu FF05xY0L9hQm');
  });

  test('of mails with a claim link', async () => {
    const args = ['claim-link', '--locale', 'fr', '--time-zone', 'Europe/Paris', '--footer', '{{owner}} ?'];
    expect((await preview('links', ...args)).exitCode).toBe(0);
    expect(readdirSync(join(base, 'links')).every((name) => /^(claim-link|index)/.test(name))).toBe(true);
    const text = read('links', 'claim-link-again.txt');
    expect(text).toMatch(/^Rappel\s: récupérez votre nouvelle clé d’API pour «\sSearch agent\s»/);
    expect(text).toContain('https://keys.example.com/claim/FF05xY0L9hQm/example');
    expect(text).toContain('team@example.com ?');
  });

  test('shows its page where somebody sits at a terminal, and not with --json', async () => {
    const args = ['notices', 'preview', 'issued', '--out', join(base, 'shown')];
    expect((await keyturn(args, { opens: true })).opened).toEqual([join(base, 'shown', 'index.html')]);
    expect((await keyturn([...args, '--json'], { opens: true })).opened).toEqual([]);
  });

  test.each([
    [['retire'], /'retire'/, /issued, rotation-started.*claim-link/],
    [['--locale', 'tlh'], /--locale.*'tlh'/, /en, de, fr, es/],
    [['--locale', 'de-DE-1996'], /'de-DE-1996'/, /en-US/],
    [['--locale', '../../etc'], /--locale/, /en, de, fr, es/],
    [['--time-zone', 'Europe/Berln'], /--time-zone.*'Europe\/Berln'/, /Europe\/Berlin/],
    [['--time-zone', '+01:00'], /--time-zone/, /Europe\/Berlin/],
    [['--time-zone', 'Nowhere'], /--time-zone/, /Africa, America/],
    [
      ['--footer', 'For {{keyname}}'],
      /--footer/,
      /\{\{keyname\}\}.*\{\{keyId\}\}, \{\{keyName\}\}, \{\{owner\}\}/,
    ],
  ] as const)('refuses %j and says what there is', async (args, message, hint) => {
    const { exitCode, stderr } = await preview('bad', ...args, '--json');
    const { error } = JSON.parse(stderr);
    expect(exitCode).toBe(2);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  test('says where it may not write', async () => {
    writeFileSync(join(base, 'file'), '');
    const { exitCode, stderr } = await preview('file');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`could not be written to '${join(base, 'file')}' (EEXIST)`);
  });
});
