/** What the file of emergencies of many keys must say, whatever path is taken. */
import { describe, expect, it } from 'vitest';
import { Misconfigured, StepOutOfOrder } from '../../../lambdas/core/domain/errors.ts';
import {
  BATCHES_AT_ONCE,
  BULK_DEFINITION,
  BULK_DEFINITION_TEXT,
  CHILD_DEFINITION,
} from '../../support/run-bulk-machine.ts';
import { placeholder } from '../../support/scripted-machine.ts';

interface TaskState {
  readonly Type: string;
  readonly TimeoutSeconds?: number;
  readonly Parameters: { readonly Payload: Readonly<Record<string, string>> };
  readonly Retry: readonly {
    readonly ErrorEquals: readonly string[];
    readonly MaxAttempts: number;
    readonly JitterStrategy?: string;
  }[];
}

const TASKS = [BULK_DEFINITION, CHILD_DEFINITION].flatMap(({ States }) =>
  Object.entries(States as unknown as Readonly<Record<string, TaskState>>).filter(
    ([, { Type }]) => Type === 'Task',
  ),
);
const HOPELESS = [StepOutOfOrder, Misconfigured].map((Hopeless) => new Hopeless().name);

describe.each(TASKS)('the task %s', (_name, task) => {
  it('ends by itself when the function does not, which has a minute', () => {
    expect(task.TimeoutSeconds).toBeGreaterThan(60);
    expect(task.TimeoutSeconds).toBeLessThanOrEqual(300);
  });

  it('passes fields by name, never its whole input', () => {
    const sources = Object.entries(task.Parameters.Payload).filter(([field]) => field.endsWith('.$'));
    for (const [, source] of sources)
      expect(source).toMatch(/^\$\.(runId|attempt|place|keyIds|round|error)$/);
  });

  it('retries by names, never what is hopeless, and spreads its retries', () => {
    const [hopeless, ...others] = task.Retry;
    expect(hopeless).toEqual({ ErrorEquals: HOPELESS, MaxAttempts: 0 });
    expect(others.length).toBeGreaterThan(0);
    for (const { MaxAttempts, JitterStrategy } of others) {
      expect(MaxAttempts).toBeGreaterThanOrEqual(3);
      expect(JitterStrategy).toBe('FULL');
    }
  });
});

describe('the map', () => {
  it('is distributed, bounded, and ends whatever becomes of its children', () => {
    expect(BULK_DEFINITION.States['RotateAll']).toMatchObject({
      Type: 'Map',
      Label: 'RotateAll',
      MaxConcurrency: BATCHES_AT_ONCE,
      ToleratedFailurePercentage: 100,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    });
  });
});

describe('the file', () => {
  it('is JSON before and after the infrastructure has filled in its substitutions, and has exactly these', () => {
    expect(() => JSON.parse(BULK_DEFINITION_TEXT)).not.toThrow();
    const names = [...BULK_DEFINITION_TEXT.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual(['BatchesAtOnce', 'BulkEmergencyFunctionArn', 'LambdaInvoke']);
    expect(BULK_DEFINITION_TEXT.split(placeholder('BatchesAtOnce'))).toHaveLength(2);
  });

  it('is JSONPath, which runs everywhere', () => {
    expect(BULK_DEFINITION_TEXT).not.toMatch(/QueryLanguage|JSONata|\{%/);
  });

  it('waits for what it is told, and for nothing by the clock of its own', () => {
    const waits = [BULK_DEFINITION, CHILD_DEFINITION].flatMap(({ States }) =>
      Object.values(States).filter(({ Type }) => Type === 'Wait'),
    );
    expect(waits).toHaveLength(2);
    for (const state of waits) expect(state).toMatchObject({ SecondsPath: '$.waitSeconds' });
  });
});
