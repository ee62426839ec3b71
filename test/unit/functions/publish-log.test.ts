import { expect, it } from 'vitest';
import { publishLog } from '../../../lambdas/functions/publish/publish-log.ts';
import { sampleEvents } from '../../support/sample-events.ts';

it('names the events by chain and number, and says why', () => {
  const lines: unknown[][] = [];
  const log = publishLog({ error: (...line: unknown[]) => void lines.push(line) });
  log('bus', sampleEvents(2), new TypeError('broken'));
  log('bus', sampleEvents(1));
  const message = 'Events could not be told, and will be told again';
  expect(lines).toEqual([
    [
      message,
      {
        teller: 'bus',
        events: ['key/Ab3dEf7hIj9L#1', 'key/Ab3dEf7hIj9L#2'],
        fault: 'TypeError',
        cause: 'broken',
      },
    ],
    [message, { teller: 'bus', events: ['key/Ab3dEf7hIj9L#1'] }],
  ]);
});
