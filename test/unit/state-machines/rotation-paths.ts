/** Every way through the rotation machine: what its tasks answer, and the states that follow from it. */
import { type Answer, FunctionError, type Script } from '../../support/scripted-machine.ts';

export interface Path {
  readonly name: string;
  readonly script: Script;
  readonly visited: readonly string[];
  readonly end:
    | { readonly status: 'succeeded'; readonly output: Readonly<Record<string, string>> }
    | { readonly status: 'failed'; readonly error: string; readonly cause: unknown };
}

export const INPUT = { keyId: '3kTMd8Qm2xZa', purpose: 'manual', reason: 'audit', initiatedBy: 'me' };

const IDS = { keyId: INPUT.keyId, rotationId: 'rot-1' };
const says = (next: string, more: Readonly<Record<string, string>> = {}): Answer => ({
  ...IDS,
  next,
  ...more,
});
const WAIT = says('wait', { waitUntil: '2026-11-26T14:00:00Z' });
const WAIT_AGAIN = says('wait', { waitUntil: '2026-11-27T14:00:00Z' });
const OVER = says('done', { message: 'Rotation rot-1 is not running any more.' });

const GOOD: Script = {
  Begin: [says('generate')],
  Generate: [says('verify')],
  Verify: [says('activate')],
  Activate: [WAIT],
  Deliver: [WAIT],
  Judge: [says('retire')],
  Retire: [says('done')],
};

const TO_VERIFY = ['Begin', 'Begun', 'Generate', 'Verify'];
const TO_WAIT = [...TO_VERIFY, 'Activate', 'Deliver', 'Activated', 'WaitForClients'];
const TO_RETIRE = ['Judge', 'Judged', 'Retire', 'Completed'];
const DONE = { status: 'succeeded', output: { ...IDS, next: 'done' } } as const;
const ENDED_OTHERWISE = { status: 'succeeded', output: OVER as Record<string, string> } as const;

const broken = (task: string) => new FunctionError('WriteContention', `${task} failed.`);
const FAILURE = 'WriteContention: a step failed.';
const ABANDONED = says('refuse', { message: FAILURE });

/** A task that fails however often it is tried: the key is put back, and the execution fails with the reason. */
function failing(task: string, statesBefore: readonly string[]): Path {
  return {
    name: `${task} fails for good`,
    script: { ...GOOD, [task]: [broken(task)], Abandon: [ABANDONED] },
    visited: [...statesBefore, task, 'Abandon', 'Failed'],
    end: { status: 'failed', error: 'RotationFailed', cause: FAILURE },
  };
}

const RUNNING = says('answer-running', {
  runningRotationId: 'rot-0',
  runningExecutionArn: 'arn:aws:states:eu-west-1:123456789012:execution:Rotation:rot-0',
  message: 'Rotation rot-0 of this key is running (dual-key); this one changed nothing.',
});

export const GOOD_PATH: Path = {
  name: 'rotates',
  script: GOOD,
  visited: [...TO_WAIT, ...TO_RETIRE],
  end: DONE,
};

export const PATHS: readonly Path[] = [
  GOOD_PATH,
  {
    name: 'extends twice, then retires',
    script: { ...GOOD, Judge: [WAIT_AGAIN, WAIT_AGAIN, says('retire')] },
    visited: [
      ...TO_WAIT,
      ...['Judge', 'Judged', 'WaitForClients'],
      ...['Judge', 'Judged', 'WaitForClients'],
      ...TO_RETIRE,
    ],
    end: DONE,
  },
  {
    name: 'delivers again after a reminder and an extension, also when that fails, then retires',
    script: {
      ...GOOD,
      Deliver: [WAIT, WAIT_AGAIN, broken('Deliver'), broken('Deliver'), broken('Deliver'), broken('Deliver')],
      Undelivered: [WAIT_AGAIN],
      Judge: [says('deliver'), says('deliver'), says('retire')],
    },
    visited: [
      ...TO_WAIT,
      ...['Judge', 'Judged', 'Deliver', 'Activated', 'WaitForClients'],
      ...['Judge', 'Judged', 'Deliver', 'Undelivered', 'Activated', 'WaitForClients'],
      ...TO_RETIRE,
    ],
    end: DONE,
  },
  {
    name: 'refuses the old version at once in an emergency without grace',
    script: { ...GOOD, Activate: [says('done')], Deliver: [says('done')] },
    visited: [...TO_VERIFY, 'Activate', 'Deliver', 'Activated', 'Completed'],
    end: DONE,
  },
  {
    name: 'waits although the new key could not be delivered: that is on record',
    script: { ...GOOD, Deliver: [broken('Deliver')], Undelivered: [WAIT] },
    visited: [
      ...TO_VERIFY,
      ...['Activate', 'Deliver', 'Undelivered', 'Activated', 'WaitForClients'],
      ...TO_RETIRE,
    ],
    end: DONE,
  },
  {
    name: 'answers with the rotation that runs already',
    script: { Begin: [RUNNING] },
    visited: ['Begin', 'Begun', 'AlreadyRunning'],
    end: { status: 'succeeded', output: RUNNING as Record<string, string> },
  },
  {
    name: 'refuses a request that cannot be carried out',
    script: { Begin: [says('refuse', { message: 'Key 3kTMd8Qm2xZa is revoked.' })] },
    visited: ['Begin', 'Begun', 'Refused'],
    end: { status: 'failed', error: 'RotationRefused', cause: 'Key 3kTMd8Qm2xZa is revoked.' },
  },
  {
    name: 'ends at once when it is started again after its end',
    script: { Begin: [says('done')] },
    visited: ['Begin', 'Begun', 'Completed'],
    end: DONE,
  },
  {
    name: 'goes on at the verification when Begin is repeated',
    script: { ...GOOD, Begin: [says('verify')] },
    visited: ['Begin', 'Begun', ...TO_WAIT.slice(3), ...TO_RETIRE],
    end: DONE,
  },
  {
    name: 'goes on with waiting when Begin finds both versions accepted',
    script: { ...GOOD, Begin: [WAIT] },
    visited: ['Begin', 'Begun', 'WaitForClients', ...TO_RETIRE],
    end: DONE,
  },
  {
    name: 'ends cleanly when the rotation was ended before the new version was accepted',
    script: { ...GOOD, Generate: [OVER], Verify: [OVER], Activate: [OVER], Deliver: [OVER] },
    visited: [...TO_VERIFY, 'Activate', 'Deliver', 'Activated', 'Completed'],
    end: ENDED_OTHERWISE,
  },
  {
    name: 'ends cleanly when the rotation was ended during the wait',
    script: { ...GOOD, Judge: [OVER] },
    visited: [...TO_WAIT, 'Judge', 'Judged', 'Completed'],
    end: ENDED_OTHERWISE,
  },
  {
    name: 'gets over faults that pass',
    script: {
      Begin: [new FunctionError('Lambda.TooManyRequestsException', 'Rate exceeded'), says('generate')],
      Generate: [broken('Generate'), says('verify')],
      Verify: [new FunctionError('VerificationFailed', 'not yet'), broken('Verify'), says('activate')],
      Activate: [new FunctionError('Lambda.ServiceException', 'try again'), WAIT],
      Deliver: [broken('Deliver'), WAIT],
      Judge: [broken('Judge'), broken('Judge'), broken('Judge'), broken('Judge'), says('retire')],
      Retire: [broken('Retire'), says('done')],
    },
    visited: [...TO_WAIT, ...TO_RETIRE],
    end: DONE,
  },
  failing('Begin', []),
  failing('Generate', TO_VERIFY.slice(0, 2)),
  failing('Verify', TO_VERIFY.slice(0, 3)),
  failing('Activate', TO_VERIFY),
  {
    ...failing('Undelivered', [...TO_VERIFY, 'Activate', 'Deliver']),
    script: {
      ...GOOD,
      Deliver: [broken('Deliver')],
      Undelivered: [broken('Undelivered')],
      Abandon: [ABANDONED],
    },
  },
  failing('Judge', TO_WAIT),
  failing('Retire', [...TO_WAIT, 'Judge', 'Judged']),
  {
    name: 'fails as it stands when the key cannot be put back either',
    script: { ...GOOD, Verify: [broken('Verify')], Abandon: [broken('Abandon')] },
    visited: [...TO_VERIFY, 'Abandon'],
    end: { status: 'failed', error: 'WriteContention', cause: broken('Abandon').message },
  },
];
