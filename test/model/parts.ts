/** The product as the model runs it: its use cases, on ports that are a test's. A deliberate fault replaces some of it. */
import type { KeyVerifier } from '../../lambdas/core/ports/ambient.ts';
import type { KeyReader, UseWriter } from '../../lambdas/core/ports/authorization.ts';
import type { ClaimTries } from '../../lambdas/core/ports/claim-tries.ts';
import type { DueKeys } from '../../lambdas/core/ports/due-keys.ts';
import type { EmergencyRuns } from '../../lambdas/core/ports/emergency-runs.ts';
import type { KeyPlace } from '../../lambdas/core/ports/key-place.ts';
import type { KeySealer } from '../../lambdas/core/ports/key-sealer.ts';
import type { KeyStore } from '../../lambdas/core/ports/key-store.ts';
import type { KeyWalk, PepperRecord, PepperSecret } from '../../lambdas/core/ports/pepper-rotation.ts';
import type { Peppers } from '../../lambdas/core/ports/peppers.ts';
import type { UseStore } from '../../lambdas/core/ports/use-store.ts';
import { abandonRotation } from '../../lambdas/core/use-cases/abandon-rotation.ts';
import { activateVersion } from '../../lambdas/core/use-cases/activate-version.ts';
import { addPepper } from '../../lambdas/core/use-cases/add-pepper.ts';
import { type AdvanceInput, advanceEmergency } from '../../lambdas/core/use-cases/advance-emergency.ts';
import { authorize } from '../../lambdas/core/use-cases/authorize.ts';
import { beginPepperRun } from '../../lambdas/core/use-cases/begin-pepper-run.ts';
import { beginRotation } from '../../lambdas/core/use-cases/begin-rotation.ts';
import { CachedPeppers } from '../../lambdas/core/use-cases/cached-peppers.ts';
import { changeKeyStatus } from '../../lambdas/core/use-cases/change-key-status.ts';
import { claimKey } from '../../lambdas/core/use-cases/claim-key.ts';
import { countPepperNeeds } from '../../lambdas/core/use-cases/count-pepper-needs.ts';
import { deliverVersion, noteUndelivered } from '../../lambdas/core/use-cases/deliver-version.ts';
import { dropPeppers } from '../../lambdas/core/use-cases/drop-peppers.ts';
import type { EmergencyDeps } from '../../lambdas/core/use-cases/emergency-deps.ts';
import { endExemption, exemptKey } from '../../lambdas/core/use-cases/exempt-key.ts';
import { generateVersion } from '../../lambdas/core/use-cases/generate-version.ts';
import { issueKey } from '../../lambdas/core/use-cases/issue-key.ts';
import { judgeRotation } from '../../lambdas/core/use-cases/judge-rotation.ts';
import { KeyMemory } from '../../lambdas/core/use-cases/key-memory.ts';
import { makePepperCurrent } from '../../lambdas/core/use-cases/make-pepper-current.ts';
import { offerVersion } from '../../lambdas/core/use-cases/offer-version.ts';
import { resumeEmergency, startEmergency } from '../../lambdas/core/use-cases/order-emergency.ts';
import type {
  PepperCount,
  PepperDeps,
  PepperRun,
  PepperStepResult,
} from '../../lambdas/core/use-cases/pepper-deps.ts';
import { type PlanPlace, planEmergency } from '../../lambdas/core/use-cases/plan-emergency.ts';
import type { RecognizeDeps } from '../../lambdas/core/use-cases/recognize-key.ts';
import { takeRenewed } from '../../lambdas/core/use-cases/renew-key.ts';
import { reportEmergency } from '../../lambdas/core/use-cases/report-emergency.ts';
import { retireVersion } from '../../lambdas/core/use-cases/retire-version.ts';
import { rollbackRotation } from '../../lambdas/core/use-cases/rollback-rotation.ts';
import type { RotationDeps, StepResult } from '../../lambdas/core/use-cases/rotation-deps.ts';
import { sweepDueKeys } from '../../lambdas/core/use-cases/sweep-due-keys.ts';
import { takeByLink } from '../../lambdas/core/use-cases/take-by-link.ts';
import { UseMeter } from '../../lambdas/core/use-cases/use-meter.ts';
import { verifyVersion } from '../../lambdas/core/use-cases/verify-version.ts';
import type { MemoryLinks, MemoryPlace } from '../support/memory-place.ts';
import { RULES } from '../support/memory-world.ts';
import { RuleVerifier } from '../support/rule-verifier.ts';
import { ROTATION } from './machine-definition.ts';
import type { Answer } from './workflows.ts';

/** The table, in memory or not. */
export interface Backend {
  readonly store: KeyStore;
  readonly uses: UseStore;
  readonly writer: UseWriter;
  readonly reader: KeyReader;
  readonly due: DueKeys;
  readonly runs: EmergencyRuns;
  readonly pepperRecord: PepperRecord;
  readonly keys: KeyWalk;
  /** Everything that is stored. */
  readonly dump: () => Promise<unknown>;
}

/** What the machine passes to any of its steps. */
export interface StepCall {
  readonly keyId: string;
  readonly rotationId: string;
  readonly executionArn: string;
  readonly startedAtMs: number;
  readonly request: unknown;
  readonly failure: string;
}

export type Step = (deps: RotationDeps, call: StepCall) => Promise<StepResult>;

/** What the machine of an emergency of many keys passes to any of its steps. */
export interface RunInput extends AdvanceInput {
  readonly place: PlanPlace | null;
}

export type RunStep = (deps: EmergencyDeps, input: RunInput) => Promise<Answer>;

export type PepperStep = (
  deps: PepperDeps,
  run: PepperRun,
  given: PepperStepResult,
) => Promise<PepperStepResult>;

export interface Parts extends Backend {
  readonly sealer: KeySealer;
  readonly tries: ClaimTries;
  readonly links: MemoryLinks;
  readonly place: KeyPlace & Pick<MemoryPlace, 'current' | 'outage'>;
  readonly pepperSecret: PepperSecret & {
    /** What functions read that only verify or hash. */
    readonly readText: () => Promise<string>;
    lagMs: number;
  };
  /** What one environment knows of the peppers. */
  readonly peppers: (readText: () => Promise<string>, clock: () => number) => Peppers;
  readonly verifier: (deps: RecognizeDeps) => KeyVerifier;
  readonly useCases: typeof USE_CASES;
  /** By the names that the machine's file gives them. */
  readonly steps: Readonly<Record<string, Step>>;
  readonly pepperSteps: Readonly<Record<string, PepperStep>>;
  readonly runSteps: Readonly<Record<string, RunStep>>;
  readonly memory: (reader: KeyReader, maxAgeMs: number) => KeyMemory;
  readonly meter: (writer: UseWriter, intervalMs: number) => UseMeter;
  /** How the rotation machine goes on. */
  readonly nextState: (state: string, next: string) => string;
}

const USE_CASES = {
  authorize,
  issueKey,
  claimKey,
  offerVersion,
  takeRenewed,
  takeByLink,
  rollbackRotation,
  changeKeyStatus,
  exemptKey,
  endExemption,
  sweepDueKeys,
  startEmergency,
  resumeEmergency,
};

const STEPS: Readonly<Record<string, Step>> = {
  begin: beginRotation,
  generate: generateVersion,
  verify: verifyVersion,
  activate: activateVersion,
  deliver: deliverVersion,
  undelivered: (deps, call) => noteUndelivered(deps, call),
  judge: (deps, call) => judgeRotation(deps, { ...call, deliversAgain: true }),
  retire: retireVersion,
  abandon: abandonRotation,
};

/** Small enough that a story with three keys has several. */
const LIMITS = { batchKeys: 2, roundBatches: 60, longestMs: 20_000 };

const RUN_STEPS: Readonly<Record<string, RunStep>> = {
  plan: (deps, input) => planEmergency(deps, input, LIMITS),
  advance: advanceEmergency,
  report: reportEmergency,
};

const PEPPER_STEPS: Readonly<Record<string, PepperStep>> = {
  begin: beginPepperRun,
  add: addPepper,
  'make-current': (deps, run, { pepperVersion }) => makePepperCurrent(deps, run, pepperVersion as string),
  count: (deps, _run, { count }) => countPepperNeeds(deps, count as PepperCount),
  drop: (deps, run, { count }) => dropPeppers(deps, run, count as PepperCount),
};

/** The product as it is. */
export const PRODUCT = {
  peppers: (readText: () => Promise<string>, clock: () => number) => new CachedPeppers(readText, clock),
  verifier: (deps: RecognizeDeps) => new RuleVerifier(deps, RULES),
  useCases: USE_CASES,
  steps: STEPS,
  runSteps: RUN_STEPS,
  pepperSteps: PEPPER_STEPS,
  memory: (reader: KeyReader, maxAgeMs: number) => new KeyMemory(reader, maxAgeMs),
  meter: (writer: UseWriter, intervalMs: number) => new UseMeter(writer, intervalMs),
  nextState: (state: string, next: string) => ROTATION.next(state, next),
} as const;
