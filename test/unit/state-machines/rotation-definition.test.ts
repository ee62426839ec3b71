/** What the rotation machine's file must say, whatever path is taken. */
import { describe, expect, it } from 'vitest';
import { Misconfigured, NoVerdict, SealBroken, StepOutOfOrder } from '../../../lambdas/core/domain/errors.ts';
import { DEFINITION_TEXT } from '../../support/rotation-definition.ts';
import { DEFINITION } from '../../support/run-machine.ts';
import { placeholder } from '../../support/scripted-machine.ts';

interface TaskState {
  readonly Type: string;
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly Parameters: { readonly FunctionName: string; readonly Payload: Readonly<Record<string, string>> };
  readonly Retry: readonly {
    readonly ErrorEquals: readonly string[];
    readonly MaxAttempts: number;
    readonly JitterStrategy?: string;
  }[];
  readonly Catch?: readonly Readonly<Record<string, unknown>>[];
}

/** As the file has it, before CloudFormation fills in the two substitutions. */
const FILE = JSON.parse(DEFINITION_TEXT) as { readonly States: Readonly<Record<string, TaskState>> };
const TASKS = Object.entries(FILE.States).filter(([, { Type }]) => Type === 'Task');
const STEPS = TASKS.filter(([name]) => name !== 'Abandon');
/** What goes on whatever becomes of it, and what puts the key back when it fails. */
const CATCHERS: Readonly<Record<string, string>> = { Deliver: 'Undelivered' };

/** Errors of Keyturn that come again however often a step is tried. */
const HOPELESS = [NoVerdict, SealBroken, StepOutOfOrder, Misconfigured].map(
  (Hopeless) => new Hopeless().name,
);

/** Lambda's own faults that pass, as its documentation says to retry them. */
const PASSING_FAULTS = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
];

describe.each(TASKS)('the task %s', (name, task) => {
  it('invokes the rotation function with the step of its own name', () => {
    expect(task.Resource).toBe(placeholder('LambdaInvoke'));
    expect(task.Parameters.FunctionName).toBe(placeholder('RotationFunctionArn'));
    expect(task.Parameters.Payload['step']).toBe(name.toLowerCase());
  });

  it('ends by itself when the function does not', () => {
    expect(task.TimeoutSeconds).toBeGreaterThan(30);
    expect(task.TimeoutSeconds).toBeLessThanOrEqual(300);
  });

  it('passes fields by name, never its whole input', () => {
    const sources = Object.entries(task.Parameters.Payload).filter(([field]) => field.endsWith('.$'));
    for (const [, source] of sources) {
      expect(source).toMatch(/^\$(\.(keyId|rotationId|error)|\$\.Execution\.(Name|Id|StartTime|Input))$/);
    }
    expect(Object.keys(task.Parameters.Payload).join(' ')).not.toMatch(
      /secret|plain|hash|token|apiKey|sealed/i,
    );
  });

  it('spreads its retries', () => {
    const retries = task.Retry.filter(({ MaxAttempts }) => MaxAttempts > 0);
    expect(retries.length).toBeGreaterThan(0);
    for (const { MaxAttempts, JitterStrategy } of retries) {
      expect(MaxAttempts).toBeGreaterThanOrEqual(3);
      expect(JitterStrategy).toBe('FULL');
    }
  });
});

describe.each(STEPS)('the step %s', (name, task) => {
  it('retries by names: never what is hopeless, then faults of Lambda that pass, then its own', () => {
    expect(task.Retry[0]).toEqual({ ErrorEquals: HOPELESS, MaxAttempts: 0 });
    expect(task.Retry.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
      HOPELESS,
      PASSING_FAULTS,
      ['States.TaskFailed', 'States.Timeout'],
    ]);
  });

  it('puts the key back when it fails for good, or goes on without what it did', () => {
    const Next = CATCHERS[name] ?? 'Abandon';
    expect(task.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next }]);
  });
});

describe('the file', () => {
  it('retries whatever keeps Abandon from putting the key back, and catches nothing there', () => {
    const abandon = FILE.States['Abandon'] as TaskState;
    expect(abandon.Retry.map(({ ErrorEquals }) => ErrorEquals)).toEqual([['States.ALL']]);
    expect(abandon.Catch).toBeUndefined();
  });

  it('is JSONPath, which runs everywhere', () => {
    expect(DEFINITION_TEXT).not.toMatch(/QueryLanguage|JSONata|\{%/);
  });

  it('has exactly the two substitutions that the infrastructure fills in', () => {
    const names = [...DEFINITION_TEXT.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual(['LambdaInvoke', 'RotationFunctionArn']);
  });

  it('ends every path: in success, or in a failure with a name and the cause', () => {
    const ends = Object.values(DEFINITION.States).filter(({ Type }) => Type === 'Fail');
    expect(ends).toHaveLength(2);
    for (const end of ends) {
      expect(end).toMatchObject({ Error: expect.stringMatching(/^Rotation\w+$/), CausePath: '$.message' });
    }
  });
});
