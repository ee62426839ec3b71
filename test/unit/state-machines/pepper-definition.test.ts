/** What the pepper machine's file must say, whatever path is taken. */
import { describe, expect, it } from 'vitest';
import { Misconfigured, PepperDamaged } from '../../../lambdas/core/domain/errors.ts';
import { PEPPER_DEFINITION_TEXT } from '../../support/run-pepper-machine.ts';
import { placeholder } from '../../support/scripted-machine.ts';

interface TaskState {
  readonly Type: string;
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly OutputPath?: string;
  readonly Parameters: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, string>> };
  readonly Retry: readonly {
    readonly ErrorEquals: readonly string[];
    readonly MaxAttempts: number;
    readonly JitterStrategy?: string;
  }[];
  readonly Catch: readonly Readonly<Record<string, unknown>>[];
}

/** As the file has it, before CloudFormation fills in the two substitutions. */
const FILE = JSON.parse(PEPPER_DEFINITION_TEXT) as { readonly States: Readonly<Record<string, TaskState>> };
const ALL_TASKS = Object.entries(FILE.States).filter(([, { Type }]) => Type === 'Task');
/** They say how it ended, whatever the steps came to. */
const NOTES = ALL_TASKS.filter(([name]) => name.startsWith('Note'));
const TASKS = ALL_TASKS.filter(([name]) => !name.startsWith('Note'));

/** Errors of Keyturn that come again however often a step is tried. */
const HOPELESS = [new PepperDamaged(''), new Misconfigured('')].map(({ name }) => name);

/** Lambda's own faults that pass, as its documentation says to retry them. */
const PASSING_FAULTS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
];

const STEPS: Readonly<Record<string, string>> = {
  Begin: 'begin',
  Add: 'add',
  MakeCurrent: 'make-current',
  Count: 'count',
  Drop: 'drop',
};

describe.each(TASKS)('the task %s', (name, task) => {
  it('invokes the pepper function with the step of its own name', () => {
    expect(task.Resource).toBe(placeholder('LambdaInvoke'));
    expect(task.Parameters.FunctionName).toBe(placeholder('PepperFunctionArn'));
    expect(task.Parameters.Payload['step']).toBe(STEPS[name]);
    expect(task.OutputPath).toBe('$.Payload');
  });

  it('ends by itself when the function does not', () => {
    expect(task.TimeoutSeconds).toBeGreaterThan(30);
    expect(task.TimeoutSeconds).toBeLessThanOrEqual(300);
  });

  it('passes fields by name, never its whole input', () => {
    const { step: _step, ...rest } = task.Parameters.Payload;
    for (const [field, source] of Object.entries(rest)) {
      expect(field).toMatch(/^(executionId|request|pepperVersion|count)\.\$$/);
      expect(source).toMatch(/^\$(\.(pepperVersion|count)|\$\.Execution\.(Name|Input))$/);
    }
  });

  it('retries by names, spread: never what is hopeless, then faults of Lambda that pass, then its own', () => {
    expect(task.Retry[0]).toEqual({ ErrorEquals: HOPELESS, MaxAttempts: 0 });
    expect(task.Retry.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
      HOPELESS,
      PASSING_FAULTS,
      ['States.TaskFailed', 'States.Timeout'],
    ]);
    for (const { MaxAttempts, JitterStrategy } of task.Retry.slice(1)) {
      expect(MaxAttempts).toBeGreaterThanOrEqual(3);
      expect(JitterStrategy).toBe('FULL');
    }
  });

  it('ends the execution when it fails for good: there is nothing to put back', () => {
    expect(task.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'NoteFailure' }]);
  });
});

describe.each(NOTES)('the task %s', (name, task) => {
  const [step, told, next] = {
    NoteRefusal: ['note-refusal', { 'message.$': '$.message' }, 'Refused'],
    NoteFailure: ['note-failure', { 'error.$': '$.error' }, 'Failed'],
  }[name] as [string, object, string];

  it('tells the pepper function which execution, what it was asked for and why it ended so, and ends it', () => {
    expect(task).toMatchObject({
      Resource: placeholder('LambdaInvoke'),
      OutputPath: '$.Payload',
      Next: next,
    });
    expect(task.Parameters.FunctionName).toBe(placeholder('PepperFunctionArn'));
    expect(task.Parameters.Payload).toEqual({
      step,
      'executionId.$': '$$.Execution.Name',
      'request.$': '$$.Execution.Input',
      ...told,
    });
  });

  it('tries again what fails, for a minute or two: the alarm waits for its end', () => {
    expect(task.Retry).toMatchObject([{ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' }]);
    expect(task.Retry[0]?.MaxAttempts).toBeGreaterThanOrEqual(5);
    expect(task.TimeoutSeconds).toBeGreaterThan(30);
  });
});

describe('the file', () => {
  it('has a task for each step, and one for each way to fail', () => {
    expect(TASKS.map(([name]) => name)).toEqual(Object.keys(STEPS));
    expect(NOTES.map(([name]) => name)).toEqual(['NoteRefusal', 'NoteFailure']);
  });

  it('is JSONPath, which runs everywhere', () => {
    expect(PEPPER_DEFINITION_TEXT).not.toMatch(/QueryLanguage|JSONata|\{%/);
  });

  it('has exactly the two substitutions that the infrastructure fills in', () => {
    const names = [...PEPPER_DEFINITION_TEXT.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual(['LambdaInvoke', 'PepperFunctionArn']);
  });

  it('waits until a time that a step said', () => {
    const waits = Object.values(FILE.States).filter(({ Type }) => Type === 'Wait');
    expect(waits).toHaveLength(2);
    for (const wait of waits) expect(wait).toMatchObject({ TimestampPath: '$.waitUntil' });
  });

  it('ends every path: in success, or in a failure with a name and the cause', () => {
    const ends = Object.values(FILE.States).filter(({ Type }) => Type === 'Fail');
    expect(ends).toHaveLength(2);
    for (const end of ends) {
      expect(end).toMatchObject({
        Error: expect.stringMatching(/^PepperRotation\w+$/),
        CausePath: '$.message',
      });
    }
  });
});
