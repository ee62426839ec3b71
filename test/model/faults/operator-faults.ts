/** Faults of what operators ask: emergencies, rollbacks, states of a key, the sweep, and the claim. */
import type { KeyRecord } from '../../../lambdas/core/domain/key-record.ts';
import { advanceEmergency } from '../../../lambdas/core/use-cases/advance-emergency.ts';
import { RUNS } from '../arbitraries.ts';
import { altered, finding, headOf, on, saving, withStep, withUseCases } from './alter.ts';
import type { Fault } from './fault.ts';

/** The newest retired version reads as if it were still on its way out. */
function revived(record: KeyRecord): KeyRecord {
  const retired = record.versions.findLast(({ status }) => status === 'retired');
  if (!retired || record.versions.some(({ status }) => status === 'deprecating')) return record;
  const versions = record.versions.map((version) =>
    version === retired ? { ...version, status: 'deprecating' as const } : version,
  );
  return { ...record, versions };
}

export const OPERATOR_FAULTS: readonly Fault[] = [
  {
    name: 'an emergency waits as any rotation does',
    breaks: [5],
    spoil: (parts) =>
      withStep(parts, 'begin', (step) => (deps, call) => {
        const { immediateInvalidation: _ordered, ...request } = call.request as Record<string, unknown>;
        return step(deps, { ...call, request });
      }),
  },
  {
    name: 'the bound of an emergency with a grace period hangs on the workflow',
    breaks: [5],
    spoil: (parts) =>
      withStep(
        parts,
        'activate',
        on(
          saving((change) => ({
            ...change,
            after: {
              ...change.after,
              versions: change.after.versions.map(({ refuseAfterMs: _bound, ...version }) => version),
            },
          })),
        ),
      ),
  },
  {
    name: 'a rollback does not check whether the old version is retired',
    breaks: [3, 4],
    spoil: (parts) =>
      withUseCases(parts, {
        rollbackRotation: (deps, ...rest) => parts.useCases.rollbackRotation(finding(revived)(deps), ...rest),
      }),
  },
  {
    name: 'a revoked key can be enabled again',
    breaks: [5],
    spoil: (parts) =>
      withUseCases(parts, {
        changeKeyStatus: (deps, ...rest) =>
          parts.useCases.changeKeyStatus(
            finding((record) => ({
              ...record,
              status: record.status === 'revoked' ? 'disabled' : record.status,
            }))(deps),
            ...rest,
          ),
      }),
  },
  {
    name: 'enabling a key counts the time in which nobody could use it',
    breaks: [3],
    shownBy: { disable: 20, enable: 60, 'wait for machine': 200, claim: 40 },
    spoil: (parts) =>
      withUseCases(parts, {
        changeKeyStatus: (deps, ...rest) =>
          parts.useCases.changeKeyStatus(
            saving(({ before, after, ...change }) =>
              change.event.action === 'key.enabled'
                ? { ...change, before, after: { ...before, ...headOf(after), status: after.status } }
                : { ...change, before, after },
            )(deps),
            ...rest,
          ),
      }),
  },
  {
    name: 'sweeps name their rotations by chance',
    breaks: [2],
    shownBy: { sweep: 60, 'wait for due date': 60, rotate: 2 },
    spoil: (parts) => {
      let names = 0;
      return withUseCases(parts, {
        sweepDueKeys: (deps, pace) =>
          parts.useCases.sweepDueKeys(
            {
              ...deps,
              machine: {
                start: (_rotationId, request) => {
                  names += 1;
                  return deps.machine.start(`sweep-${names}`, request);
                },
              },
            },
            pace,
          ),
      });
    },
  },
  {
    name: 'an emergency of many keys names its rotations by chance',
    breaks: [2],
    shownBy: RUNS,
    spoil: (parts) => {
      let names = 0;
      return {
        ...parts,
        runSteps: {
          ...parts.runSteps,
          advance: (deps, input) => {
            const start: typeof deps.machine.start = (_rotationId, request) => {
              names += 1;
              return deps.machine.start(`run-${names}`, request);
            };
            return advanceEmergency({ ...deps, machine: altered(deps.machine, { start }) }, input);
          },
        },
      };
    },
  },
  {
    name: 'an emergency of many keys counts what is ordered as done',
    breaks: [5],
    shownBy: RUNS,
    spoil: (parts) => ({
      ...parts,
      runs: altered(parts.runs, {
        saveKey: (runId, key) =>
          parts.runs.saveKey(runId, key.outcome === 'ordered' ? { ...key, outcome: 'refused' } : key),
      }),
    }),
  },
  {
    name: 'a claim leaves the sealed key where it was',
    breaks: [8, 10],
    spoil: (parts) =>
      withUseCases(parts, {
        claimKey: (deps, ...rest) =>
          parts.useCases.claimKey(
            saving(({ seal: _destroyed, ...change }) => change)(
              finding((record) => ({
                ...record,
                versions: record.versions.map(({ receivedAtMs: _received, ...version }) => version),
              }))(deps),
            ),
            ...rest,
          ),
      }),
  },
  {
    name: 'a claim is recorded where the write of another came first',
    breaks: [8],
    shownBy: { claim: 120 },
    spoil: (parts) =>
      withUseCases(parts, {
        claimKey: (deps, ...rest) =>
          parts.useCases.claimKey(
            {
              ...deps,
              store: altered(deps.store, {
                save: async (change) => {
                  await deps.store.save(change);
                  return 'saved';
                },
              }),
            },
            ...rest,
          ),
      }),
  },
];
