import { expect, it } from 'vitest';
import { controlRows } from '../../../../lambdas/core/domain/report/controls.ts';
import type { Standing } from '../../../../lambdas/core/domain/report/policy-standing.ts';
import { emptyReport } from '../../../support/report-samples.ts';

const NONE: Readonly<Record<Standing, number>> = {
  within: 0,
  due: 0,
  overdue: 0,
  exempt: 0,
  rotating: 0,
  'unknown-policy': 0,
  refused: 0,
};

it('every enabled key is counted in what is said of their change', async () => {
  const { record, standing } = await emptyReport();
  const policy = (name: string, standings: Partial<typeof NONE>) => ({
    policy: name,
    rotateEverySeconds: null,
    keys: Object.values(standings).reduce((sum, count) => sum + count, 0),
    standings: { ...NONE, ...standings },
    oldestSeconds: null,
  });
  const said = (unknown: number) => {
    const policies = [
      policy('standard', { within: 1, due: 2, overdue: 3, rotating: 4, exempt: 5 }),
      policy('gone', { 'unknown-policy': unknown }),
    ];
    return JSON.stringify(controlRows(record, { ...standing, policies }));
  };
  const known =
    '1 with a version no older than the policy allows, 9 past that and not exempt, 5 past that and exempt with a stated reason';
  expect(said(0)).toContain(`Of 15 enabled keys: ${known}.`);
  expect(said(6)).toContain(`Of 21 enabled keys: ${known}, 6 of a policy that is not deployed.`);
});
