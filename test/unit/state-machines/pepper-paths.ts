/** Every way through the pepper machine: what its tasks answer, and the states that follow from it. */
import { type Answer, FunctionError, type Script } from '../../support/scripted-machine.ts';

export interface PepperPath {
  readonly name: string;
  readonly script: Script;
  readonly visited: readonly string[];
  readonly end:
    | { readonly status: 'succeeded'; readonly output: unknown }
    | { readonly status: 'failed'; readonly error: string; readonly cause: unknown };
}

export const INPUT = { purpose: 'rotation', reason: 'yearly', initiatedBy: 'me' };

const NAME = '20261123T140000000Z-4fK2mQ9x';
const counted = (after: string) => ({ secretRevision: 'v-2', after, needs: { '1': 2 } });

const ADDED: Answer = { next: 'wait', pepperVersion: NAME, waitUntil: '2026-11-23T14:00:15Z' };
const SETTLING: Answer = { next: 'wait', waitUntil: '2026-11-23T14:01:30Z', count: counted('') };
const COUNTED: Answer = { next: 'drop', count: counted('') };
const FURTHER: Answer = { next: 'count', count: counted('Ab3dEf7hIj9L') };
const DONE = { next: 'done', dropped: ['1'], missing: [], count: counted('') };

const GOOD: Script = {
  Begin: [{ next: 'add' }],
  Add: [ADDED],
  MakeCurrent: [SETTLING],
  Count: [COUNTED],
  Drop: [DONE],
};

const TO_ADD = ['Begin', 'Begun', 'Add'];
const TO_CURRENT = [...TO_ADD, 'WaitForReaders', 'MakeCurrent'];
const TO_COUNT = [...TO_CURRENT, 'MadeCurrent', 'WaitForWriters', 'Count'];
const TO_DROP = [...TO_COUNT, 'Counted', 'Drop'];
const TO_END = ['Counted', 'Drop', 'Dropped', 'Completed'];

const ON_RECORD = { next: 'refuse', message: 'As it is on record.' };

const fault = (task: string) => new FunctionError('WriteContention', `${task} failed.`);

/** A task that fails however often it is tried: the execution fails with the reason, and keys go on working. */
const failing = (task: string, visited: readonly string[]): PepperPath => ({
  name: `${task} fails for good`,
  script: { ...GOOD, [task]: [fault(task)], NoteFailure: [ON_RECORD] },
  visited: [...visited, 'NoteFailure', 'Failed'],
  end: { status: 'failed', error: 'PepperRotationFailed', cause: ON_RECORD.message },
});

const refusedBy = (task: string, visited: readonly string[]): PepperPath => ({
  name: `${task} refuses`,
  script: { ...GOOD, [task]: [{ next: 'refuse', message: `${task} says why.` }], NoteRefusal: [ON_RECORD] },
  visited: [...visited, 'NoteRefusal', 'Refused'],
  end: { status: 'failed', error: 'PepperRotationRefused', cause: ON_RECORD.message },
});

export const GOOD_PATH: PepperPath = {
  name: 'rotates',
  script: GOOD,
  visited: [...TO_COUNT, ...TO_END],
  end: { status: 'succeeded', output: DONE },
};

export const PEPPER_PATHS: readonly PepperPath[] = [
  GOOD_PATH,
  {
    name: 'only counts and drops in a clean-up',
    script: { ...GOOD, Begin: [SETTLING] },
    visited: ['Begin', 'Begun', 'WaitForWriters', 'Count', ...TO_END],
    end: { status: 'succeeded', output: DONE },
  },
  {
    name: 'has nothing to clean up',
    script: { Begin: [{ next: 'done', message: 'One pepper.' }] },
    visited: ['Begin', 'Begun', 'Completed'],
    end: { status: 'succeeded', output: { next: 'done', message: 'One pepper.' } },
  },
  {
    name: 'counts in pieces',
    script: { ...GOOD, Count: [FURTHER, FURTHER, COUNTED] },
    visited: [...TO_COUNT, 'Counted', 'Count', 'Counted', 'Count', ...TO_END],
    end: { status: 'succeeded', output: DONE },
  },
  {
    name: 'begins the count anew when the secret was written meanwhile',
    script: { ...GOOD, Count: [FURTHER, SETTLING, COUNTED] },
    visited: [...TO_COUNT, 'Counted', 'Count', 'Counted', 'WaitForWriters', 'Count', ...TO_END],
    end: { status: 'succeeded', output: DONE },
  },
  {
    name: 'counts again when the secret was written after the count',
    script: { ...GOOD, Drop: [SETTLING, DONE] },
    visited: [...TO_DROP, 'Dropped', 'WaitForWriters', 'Count', ...TO_END],
    end: { status: 'succeeded', output: DONE },
  },
  {
    name: 'gets over faults that pass',
    script: {
      Begin: [new FunctionError('Lambda.TooManyRequestsException', 'Rate exceeded'), { next: 'add' }],
      Add: [fault('Add'), fault('Add'), ADDED],
      MakeCurrent: [new FunctionError('PepperUnreadable', 'not now'), SETTLING],
      Count: [new FunctionError('Lambda.ServiceException', 'try again'), COUNTED],
      Drop: [fault('Drop'), DONE],
    },
    visited: [...TO_COUNT, ...TO_END],
    end: { status: 'succeeded', output: DONE },
  },
  refusedBy('Begin', ['Begin', 'Begun']),
  refusedBy('MakeCurrent', [...TO_CURRENT, 'MadeCurrent']),
  failing('Begin', ['Begin']),
  failing('Add', TO_ADD),
  failing('MakeCurrent', TO_CURRENT),
  failing('Count', TO_COUNT),
  failing('Drop', TO_DROP),
];
