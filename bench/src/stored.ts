/** Results that are kept in the repository, and the pages that are written from them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKOUT } from '../../local/state.ts';
import type { AuditResults } from './audit/results.ts';
import { auditSection } from './audit/section.ts';
import { costPage } from './cost/page.ts';
import type { CostResults } from './cost/results.ts';
import { SUMMARY_HEAD, summaryRows } from './cost/summary.ts';
import type { DeliveriesResults } from './deliveries/results.ts';
import { deliverySection } from './deliveries/section.ts';
import type { EvidenceResults } from './evidence/results.ts';
import { evidenceSection } from './evidence/section.ts';
import type { EmergencyResults } from './fleet/emergencies.ts';
import { emergencySection } from './fleet/emergency-section.ts';
import type { FleetResults } from './fleet/results.ts';
import { FLEET_HEADING, fleetSection } from './fleet/section.ts';
import { table } from './report/markdown.ts';

interface Stored {
  readonly cost: CostResults;
  readonly fleet: FleetResults;
  readonly emergencies: EmergencyResults;
  readonly deliveries: DeliveriesResults;
  readonly audit: AuditResults;
  readonly evidence: EvidenceResults;
}

export const PERFORMANCE_PAGE = join(CHECKOUT, 'docs', 'performance.md');
const README = join(CHECKOUT, 'README.md');
export const COST_PAGE = join(CHECKOUT, 'docs', 'cost.md');

const fileOf = (name: keyof Stored) => join(CHECKOUT, 'bench', 'results', `${name}.json`);

export const readResults = <Name extends keyof Stored>(name: Name): Stored[Name] =>
  JSON.parse(readFileSync(fileOf(name), 'utf8'));

export function storeResults<Name extends keyof Stored>(name: Name, results: Stored[Name]): void {
  write(fileOf(name), `${JSON.stringify(results, null, 2)}\n`);
}

/** The page, and the short table of the README. */
export function writeCostPage(): string {
  const results = readResults('cost');
  const emergencies = readResults('emergencies');
  const summary = table(SUMMARY_HEAD, summaryRows(results, emergencies));
  write(README, withCostTable(readFileSync(README, 'utf8'), summary));
  return write(COST_PAGE, costPage(results, emergencies));
}

/** The README with this table in place of the first one of its section on cost. */
export function withCostTable(readme: string, costTable: string): string {
  const [before = '', after] = readme.split('\n## Cost\n');
  if (after === undefined) throw new Error("The README has no section 'Cost'.");
  return `${before}\n## Cost\n${after.replace(/(?:^\|.*\n)+/m, () => `${costTable}\n`)}`;
}

/** @param authorizer the authorizer's part; without it the one that is there stays */
export function writePerformancePage(
  authorizer = authorizerPart(readFileSync(PERFORMANCE_PAGE, 'utf8')),
): string {
  return write(PERFORMANCE_PAGE, `${authorizer.trimEnd()}\n\n${fleetPart()}`);
}

/** What the page ends with. */
export const fleetPart = (): string =>
  [
    fleetSection(readResults('fleet')),
    emergencySection(readResults('emergencies')),
    deliverySection(readResults('deliveries')),
    evidenceSection(readResults('evidence')),
    auditSection(readResults('audit')),
  ].join('\n');

/** What stands before the fleet's part. */
export const authorizerPart = (page: string): string => page.split(`\n${FLEET_HEADING}\n`)[0] as string;

function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
