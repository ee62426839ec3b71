/** What security reads of the pepper. */
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../lambdas/core/domain/audit-event.ts';
import { pepperFailureWords, pepperFaultWords } from '../../../lambdas/core/domain/pepper-alert-words.ts';
import { sampleEvent } from '../../support/sample-events.ts';

const PEPPER = { chain: 'pepper' };
const MET = { metBy: ['authorizer: 12', 'pepper: 1'], times: 13, firstAt: '2026-11-23T14:00:05.000Z' };
const faultOf = (detail: AuditEntry['detail']) =>
  pepperFaultWords(sampleEvent('pepper.fault', { detail: { ...MET, ...detail } }, PEPPER));
const failureOf = (detail: AuditEntry['detail']) =>
  pepperFailureWords(
    sampleEvent('pepper.failed', { reason: 'Busy', detail: { executionId: 'p-1', ...detail } }, PEPPER),
  );

describe('a fault', () => {
  it.each([
    [
      { fault: 'missing', pepperVersion: '7' },
      'Pepper 7 is missing',
      /answered with an error/,
      /AWSPREVIOUS/,
    ],
    [{ fault: 'damaged', pepperVersion: '7' }, 'Pepper 7 is altered', /taken for unknown/, /AWSPREVIOUS/],
    [{ fault: 'damaged' }, 'The secret of the pepper is damaged', /does not hold peppers/, /AWSPREVIOUS/],
    [{ fault: 'unreadable' }, 'The secret of the pepper cannot be read', /never let in/, /KMS key/],
  ])('%j says what it means and what to do', (detail, title, what, mend) => {
    const words = faultOf(detail);
    expect(words.title).toBe(title);
    expect(words.what).toMatch(what);
    expect(words.mend).toMatch(mend);
    expect(words.command).toBe('keyturn pepper');
  });

  it('says since when, and by which functions it was met', () => {
    expect(faultOf({ fault: 'missing', pepperVersion: '7' }).what).toMatch(
      /at 2026-11-23T14:00:05\.000Z; until now by function and times: authorizer: 12, pepper: 1\.$/,
    );
  });
});

describe('a failure', () => {
  it.each([
    [{ purpose: 'rotation' }, 'A rotation of the pepper has failed', 'keyturn pepper rotate'],
    [{ purpose: 'clean-up' }, 'A clean-up of the pepper has failed', 'keyturn pepper clean'],
  ])('%j names what failed and the command to start it again', (detail, title, command) => {
    const words = failureOf(detail);
    expect(words).toMatchObject({ title, command, mend: expect.stringContaining('start it again') });
    expect(words.what).toMatch(/\(p-1\) has failed.*Reason: Busy\.$/);
  });

  it('of a step of Secrets Manager says that the service tries again; one that is given up does not', () => {
    const step = { purpose: 'rotation', step: 'testSecret' };
    const failed = failureOf({ ...step, givenUp: false });
    expect(failed.what).toMatch(/^The step testSecret of a rotation of the pepper/);
    expect(failed.mend).toMatch(/tries it again, and gives it up in time/);
    expect(failureOf({ ...step, givenUp: true }).mend).toMatch(/start it again/);
  });
});
