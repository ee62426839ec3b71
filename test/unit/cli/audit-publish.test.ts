import { expect, it } from 'vitest';
import { keyturn } from './fake-world.ts';

it('tells page after page of the period again, and sums up', async () => {
  const pages = [
    { told: 500, untold: 0, nextToken: 'more' },
    { told: 20, untold: 0, nextToken: null },
  ];
  const { exitCode, stdout, sent } = await keyturn(['audit', 'publish', '--from', 'PT2H', '--to', 'PT1H'], {
    admin: { 'publish-events': () => pages.shift() ?? { told: 0, untold: 0, nextToken: null } },
  });
  expect(exitCode).toBe(0);
  expect(stdout).toBe('✓ 520 events were told again.');
  expect(sent).toEqual([
    { action: 'publish-events', input: { from: 'PT2H', to: 'PT1H' } },
    { action: 'publish-events', input: { from: 'PT2H', to: 'PT1H', nextToken: 'more' } },
  ]);
});

it('fails where some could not be told', async () => {
  const admin = {
    'publish-events': () => ({ told: 1, untold: 2, nextToken: null }),
  };
  const failed = await keyturn(['audit', 'publish', '--from', 'PT2H'], { admin });
  expect(failed.exitCode).toBe(1);
  expect(failed.stdout).toContain('1 events were told again, 2 could not be.');
  const json = await keyturn(['audit', 'publish', '--from', 'PT2H', '--json'], { admin });
  expect(JSON.parse(json.stdout)).toEqual({ told: 1, untold: 2 });
});

it('asks for a beginning', async () => {
  const { exitCode, stderr } = await keyturn(['audit', 'publish'], {});
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--from is not given.');
});
