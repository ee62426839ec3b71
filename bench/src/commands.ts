/** What `npm run bench` can be asked for. */
import { terminalProgress } from '../../local/progress.ts';
import { measureAudit } from './audit/measure.ts';
import { FULL_AUDIT, QUICK_AUDIT } from './audit/plan.ts';
import { auditSection } from './audit/section.ts';
import { countAll } from './cost/count-all.ts';
import { costPage } from './cost/page.ts';
import { FULL_DELIVERIES, measureDeliveries, QUICK_DELIVERIES } from './deliveries/measure.ts';
import { deliverySection } from './deliveries/section.ts';
import { FULL_EVIDENCE, measureEvidence, QUICK_EVIDENCE } from './evidence/measure.ts';
import { evidenceSection } from './evidence/section.ts';
import { countEmergencies, FULL_EMERGENCIES, QUICK_EMERGENCIES } from './fleet/emergencies.ts';
import { emergencySection } from './fleet/emergency-section.ts';
import { FULL_FLEET, QUICK_FLEET } from './fleet/plan.ts';
import { runFleet } from './fleet/run-fleet.ts';
import { fleetSection } from './fleet/section.ts';
import { page } from './report/page.ts';
import { run } from './run.ts';
import { readResults, storeResults, writeCostPage, writePerformancePage } from './stored.ts';

/** @returns the files written, or the page itself of a quick run, which writes none */
type Command = (quick: boolean) => Promise<string>;

/** What is counted of emergencies stands in both. */
const writePages = (): string => [writeCostPage(), writePerformancePage()].join('\n');

const progress = terminalProgress();

export const COMMANDS: Readonly<Record<string, Command>> = {
  authorizer: async (quick) => {
    const text = page(await run(progress, quick));
    return quick ? text : writePerformancePage(text);
  },
  fleet: async (quick) => {
    const results = await runFleet(progress, quick ? QUICK_FLEET : FULL_FLEET);
    if (quick) return fleetSection(results);
    storeResults('fleet', results);
    return writePerformancePage();
  },
  emergencies: async (quick) => {
    const results = await countEmergencies(progress, quick ? QUICK_EMERGENCIES : FULL_EMERGENCIES);
    if (quick) return emergencySection(results);
    storeResults('emergencies', results);
    return writePages();
  },
  deliveries: async (quick) => {
    const results = await measureDeliveries(progress, quick ? QUICK_DELIVERIES : FULL_DELIVERIES);
    if (quick) return deliverySection(results);
    storeResults('deliveries', results);
    return writePerformancePage();
  },
  audit: async (quick) => {
    const results = await measureAudit(progress, quick ? QUICK_AUDIT : FULL_AUDIT);
    if (quick) return auditSection(results);
    storeResults('audit', results);
    return writePerformancePage();
  },
  evidence: async (quick) => {
    const results = await measureEvidence(progress, quick ? QUICK_EVIDENCE : FULL_EVIDENCE);
    if (quick) return evidenceSection(results);
    storeResults('evidence', results);
    return writePerformancePage();
  },
  cost: async (quick) => {
    const results = await countAll(progress);
    if (quick) return costPage(results, readResults('emergencies'));
    storeResults('cost', results);
    return writePages();
  },
  pages: async () => writePages(),
};

export const HELP = `npm run bench [-- <what>] [-- --quick]

  authorizer   measures the authorizer, for docs/performance.md; this is what runs without a word
  fleet        sweeps fleets of up to 10,000 keys, for the end of docs/performance.md
  emergencies  counts what emergencies of up to 10,000 keys take, for both pages
  deliveries   measures what each delivery adds to a rotation, for the end of docs/performance.md
  audit        checks exports of up to 100,000 events, for the end of docs/performance.md
  evidence     measures a report over up to 100,000 events, for the end of docs/performance.md
  cost         counts what is billed, for docs/cost.md
  pages        writes docs/cost.md and the fleet's part anew from the results in bench/results

  --quick      tries it, prints the page and writes nothing`;
