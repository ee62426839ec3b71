/** What a Catch hands over, in one sentence. */
import { describe, expect, it } from 'vitest';
import { failureFrom } from '../../../lambdas/functions/failure.ts';

describe('failureFrom', () => {
  it.each([
    [
      'an error of the function, without its trace',
      {
        Error: 'SealBroken',
        Cause: '{"errorType":"SealBroken","errorMessage":"It is gone.","trace":["at x"]}',
      },
      'SealBroken: It is gone.',
    ],
    [
      'a time-out, in plain words',
      { Error: 'States.Timeout', Cause: 'Task timed out.' },
      'States.Timeout: Task timed out.',
    ],
    ['an error without a cause', { Error: 'Lambda.Unknown' }, 'Lambda.Unknown'],
    ['an empty cause', { Error: 'States.Timeout', Cause: '' }, 'States.Timeout'],
    ['JSON that is no error', { Error: 'E', Cause: '{"trace":["at x"]}' }, 'E'],
    ['JSON that is no object', { Error: 'E', Cause: '7' }, 'E'],
    ['nothing', undefined, 'Unknown'],
    ['null', null, 'Unknown'],
  ])('says %s', (_what, caught, sentence) => {
    expect(failureFrom(caught)).toBe(sentence);
  });
});
