/** Faults of the rotation's steps: what is accepted, what is retired, and on what ground. */
import type { KeyRecord, Verdict } from '../../../lambdas/core/domain/key-record.ts';
import { altered, finding, headOf, keepingAccepted, on, restating, saving, withStep } from './alter.ts';
import type { Fault } from './fault.ts';

const RETIRE: Verdict = {
  evidence: 'migrated',
  decision: 'retire',
  oldRequests: 0,
  newRequests: 1,
  judgedAtMs: 0,
};

const withVerdict = (record: KeyRecord): KeyRecord =>
  record.rotation ? { ...record, rotation: { ...record.rotation, verdict: RETIRE } } : record;

export const ROTATION_FAULTS: readonly Fault[] = [
  {
    name: 'the old version is retired before the new one is accepted',
    breaks: [1, 3],
    spoil: (parts) =>
      withStep(parts, 'generate', on(restating(({ status }) => (status === 'active' ? 'retired' : status)))),
  },
  {
    name: 'the activation leaves the old version active',
    breaks: [1, 2, 3],
    spoil: (parts) =>
      withStep(
        parts,
        'activate',
        on(restating(({ status }) => (status === 'deprecating' ? 'active' : status))),
      ),
  },
  {
    name: 'the activation leaves a third version accepted',
    breaks: [2, 5],
    spoil: (parts) => withStep(parts, 'activate', on(keepingAccepted)),
  },
  {
    name: 'the activation takes no grace period',
    breaks: [3],
    spoil: (parts) =>
      withStep(
        parts,
        'activate',
        on(restating(({ status }) => (status === 'deprecating' ? 'retired' : status))),
      ),
  },
  {
    name: 'a rotation takes over from one that runs',
    breaks: [2],
    spoil: (parts) =>
      withStep(
        parts,
        'begin',
        on((deps) => ({ ...deps, executions: altered(deps.executions, { stateOf: async () => 'ended' }) })),
      ),
  },
  {
    name: 'a repeated step makes a second version',
    breaks: [2],
    shownBy: { repeat: 60 },
    spoil: (parts) =>
      withStep(
        parts,
        'generate',
        on(
          finding((record) =>
            record.rotation?.status === 'verifying'
              ? { ...record, rotation: { ...record.rotation, status: 'starting' } }
              : record,
          ),
        ),
      ),
  },
  {
    name: 'the judgement retires stragglers',
    breaks: [1, 3],
    spoil: (parts) =>
      withStep(parts, 'judge', (step) => async (deps, call) => {
        let isJudged = false;
        const judging = saving((change) => {
          isJudged = change.event.action === 'rotation.judged';
          return isJudged
            ? { ...change, after: { ...withVerdict(change.before), ...headOf(change.after) } }
            : change;
        })(deps);
        const result = await step(judging, call);
        return isJudged ? { ...result, next: 'retire' } : result;
      }),
  },
  {
    name: 'the machine skips the judgement, and the retirement does not ask for it',
    breaks: [1, 3],
    spoil: (parts) => ({
      ...withStep(parts, 'retire', on(finding(withVerdict))),
      nextState: (state, next) => (state === 'WaitForClients' ? 'Retire' : parts.nextState(state, next)),
    }),
  },
  {
    name: 'the machine skips the activation',
    breaks: [0],
    spoil: (parts) => ({
      ...parts,
      nextState: (state, next) => (state === 'Verify' ? 'Judge' : parts.nextState(state, next)),
    }),
  },
  {
    name: 'a key is judged while it is disabled',
    breaks: [3],
    shownBy: { disable: 20, 'wait for machine': 200, claim: 40 },
    spoil: (parts) =>
      withStep(parts, 'judge', (step) => (deps, call) => {
        const blind = finding((record) => ({ ...record, status: 'enabled' }))(deps);
        return step(
          {
            ...deps,
            store: altered(blind.store, {
              save: async (change) => {
                const status = (await deps.store.find(call.keyId))?.status ?? 'enabled';
                return deps.store.save({ ...change, after: { ...change.after, status } });
              },
            }),
          },
          call,
        );
      }),
  },
  {
    name: 'a failed rotation takes the new version with it, though clients have it',
    breaks: [1, 3],
    spoil: (parts) =>
      withStep(parts, 'abandon', on(restating(({ status }) => (status === 'active' ? 'retired' : status)))),
  },
];
