/** The generated pages are what the generator makes of the stored results, and the results are of today's machine. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costPage } from '../../../bench/src/cost/page.ts';
import { SCENARIOS } from '../../../bench/src/cost/results.ts';
import { SUMMARY_HEAD, summaryRows } from '../../../bench/src/cost/summary.ts';
import { FLEET_HEADING } from '../../../bench/src/fleet/section.ts';
import {
  authorizerPart,
  COST_PAGE,
  fleetPart,
  PERFORMANCE_PAGE,
  readResults,
  withCostTable,
} from '../../../bench/src/stored.ts';
import { playMachine } from '../../support/play-machine.ts';
import { DEFINITION_TEXT } from '../../support/rotation-definition.ts';
import { worldWithKey } from '../../support/rotation-world.ts';
import { runPepperMachine } from '../../support/run-pepper-machine.ts';
import { tableUnder } from '../docs/read-document.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const cost = readResults('cost');
const emergencies = readResults('emergencies');

const STALE = 'The results are of another machine: run `npm run bench -- cost` anew.';

describe('docs/cost.md', () => {
  it('is what is made of the stored counts', () => {
    expect(readFileSync(COST_PAGE, 'utf8'), 'Run `npm run bench -- pages`.').toBe(
      costPage(cost, emergencies),
    );
  });

  it('has the short table that the README has', () => {
    const rows = tableUnder(README, '\n## Cost\n', true);
    expect(rows, 'Run `npm run bench -- pages`.').toEqual([
      [...SUMMARY_HEAD],
      ...summaryRows(cost, emergencies).map((row) => [...row]),
    ]);
  });
});

describe('the table of the README', () => {
  it('is put in the place of the one that is there, and nothing else', () => {
    const readme =
      '# A\n\n| a |\n| --- |\n\n## Cost\n\nWords.\n\n| old |\n| --- |\n| 1 |\n\nMore.\n\n| b |\n';
    expect(withCostTable(readme, '| $& |\n| --- |')).toBe(
      '# A\n\n| a |\n| --- |\n\n## Cost\n\nWords.\n\n| $& |\n| --- |\n\nMore.\n\n| b |\n',
    );
  });

  it('is nowhere without its section', () => {
    expect(() => withCostTable('# A\n', '| a |')).toThrow(/no section 'Cost'/);
  });
});

describe('the stored counts', () => {
  it('have every scenario, and no request that failed', () => {
    expect(Object.keys(cost.counts).sort()).toEqual([...SCENARIOS].sort());
    for (const counts of Object.values(cost.counts)) expect(counts.failed).toBe(0);
  });

  it('have as many transitions, and changes of the key, as a rotation has today', async () => {
    const { world, keyId } = await worldWithKey();
    const { visited } = await playMachine(world, keyId, {}, DEFINITION_TEXT, async () => {
      await world.authorizer().authorize(await world.sealedKey(keyId, 2));
    });
    expect(cost.counts.rotation.transitions, STALE).toBe(visited.length);
    const changes = world.actions(keyId).length - 1;
    expect(cost.counts.rotation.requests['DynamoDB TransactWriteItems'], STALE).toBe(changes);
  });

  it('have as many transitions as an immediate emergency has today', async () => {
    const { world, keyId } = await worldWithKey();
    const request = { purpose: 'emergency', reason: 'leaked', immediateInvalidation: true };
    const { visited } = await playMachine(world, keyId, request, DEFINITION_TEXT);
    expect(cost.counts.emergency.transitions, STALE).toBe(visited.length);
  });
});

describe('the stored counts of the pepper', () => {
  it('have as many transitions as a clean-up has today that finds nothing to drop', async () => {
    const { visited } = await runPepperMachine(
      { Begin: [{ next: 'done', message: 'nothing' }] },
      { purpose: 'clean-up' },
    );
    expect(cost.counts.cleanUp.transitions, STALE).toBe(visited.length);
  });
});

describe('docs/performance.md', () => {
  const page = readFileSync(PERFORMANCE_PAGE, 'utf8');

  it('ends with what is made of the stored run of the fleet', () => {
    expect(page.endsWith(`\n\n${fleetPart()}`), 'Run `npm run bench -- pages`.').toBe(true);
  });

  it('keeps the authorizer’s part when the fleet’s is written anew', () => {
    const authorizer = authorizerPart(page);
    expect(authorizer).toMatch(/^# Performance\n/);
    expect(authorizer).toContain('## Machine and versions');
    expect(authorizer).not.toContain(FLEET_HEADING);
  });
});
