import { expect, it } from 'vitest';
import { logUnsent } from '../../../lambdas/functions/notify/notify-log.ts';

it('a notice that could not be sent is told by what it is about, and not by its recipient', () => {
  const lines: unknown[] = [];
  const ref = { partition: 'KEY#Ab3dEf7hIj9L', noticeId: 'r-1#retired#a#b@example.com' };
  logUnsent({ error: (...line: unknown[]) => void lines.push(line) }, ref, new TypeError('no table'));
  const text = JSON.stringify(lines);
  expect(text).toContain('r-1#retired');
  expect(text).toContain('KEY#Ab3dEf7hIj9L');
  expect(text).toContain('TypeError');
  expect(text).not.toContain('example.com');
});
