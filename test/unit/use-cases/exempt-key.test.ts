import { describe, expect, it } from 'vitest';
import { changeKeyStatus } from '../../../lambdas/core/use-cases/change-key-status.ts';
import { endExemption, exemptKey, parseExemptUntil } from '../../../lambdas/core/use-cases/exempt-key.ts';
import { DAY_MS } from '../../../rules/time-units.ts';
import { START_MS } from '../../support/manual-clock.ts';
import { chainHolds, worldWithKey } from '../../support/rotation-world.ts';

const BY = { actor: { principal: 'operator', via: 'test' }, reason: 'a freeze' };

describe('an exemption', () => {
  it('is on the key and on record, and ends on the operator’s word', async () => {
    const { world, keyId } = await worldWithKey();
    const untilMs = START_MS + DAY_MS;

    expect(await exemptKey(world.deps, keyId, untilMs, BY)).toBe('changed');
    expect(world.record(keyId).exemption).toEqual({ reason: BY.reason, untilMs });
    expect(await endExemption(world.deps, keyId, BY)).toBe('changed');
    expect(world.record(keyId)).not.toHaveProperty('exemption');

    const events = world.table.events.get(keyId)?.slice(1);
    const detail = { until: new Date(untilMs).toISOString() };
    expect(events).toMatchObject([
      { action: 'key.exempted', ...BY, detail },
      { action: 'key.unexempted', ...BY, detail },
    ]);
    expect(chainHolds(world, keyId)).toBe(true);
  });

  it('that is not there ends without a change', async () => {
    const { world, keyId } = await worldWithKey();
    expect(await endExemption(world.deps, keyId, BY)).toBe('unchanged');
    expect(world.actions(keyId)).toEqual(['key.issued']);
  });

  it('survives other changes of the key', async () => {
    const { world, keyId } = await worldWithKey();
    await exemptKey(world.deps, keyId, START_MS + 1, BY);
    await changeKeyStatus(world.deps, keyId, 'disabled', BY);
    expect(world.record(keyId).exemption).toMatchObject({ untilMs: START_MS + 1 });
  });

  it('is refused for a key that is revoked or not there', async () => {
    const { world, keyId } = await worldWithKey();
    await changeKeyStatus(world.deps, keyId, 'revoked', BY);
    expect(await exemptKey(world.deps, keyId, START_MS + 1, BY)).toBe('revoked');
    expect(await exemptKey(world.deps, 'NoSuchKey000', START_MS + 1, BY)).toBe('unknown-key');
    expect(await endExemption(world.deps, 'NoSuchKey000', BY)).toBe('unknown-key');
  });
});

describe('until when', () => {
  it.each([
    ['P30D', START_MS + 30 * DAY_MS],
    ['PT1S', START_MS + 1_000],
    ['2027-01-31', Date.UTC(2027, 0, 31)],
    ['2027-01-31T18:00Z', Date.UTC(2027, 0, 31, 18)],
    ['2026-11-23T14:00:00.001Z', START_MS + 1],
    ['P366D', START_MS + 366 * DAY_MS],
  ])('%s', (text, value) => {
    expect(parseExemptUntil(text, START_MS)).toEqual({ ok: true, value });
  });

  it.each([
    [undefined, /not text/],
    ['', /is no time/],
    ['tomorrow', /'tomorrow' is no time/],
    ['2027-02-29', /is no time/],
    ['2027-01-31T18:00', /is no time/],
    ['2027-01-31T24:00Z', /is no time/],
    ['2027-01-31T18:00+01:00', /is no time/],
    ['P1Y', /is no time/],
    ['PT0S', /is past/],
    ['2026-11-23T14:00Z', /is past/],
    ['P367D', /is too far away/],
    ['2028-01-01', /is too far away/],
  ])('not %s', (text, message) => {
    expect(parseExemptUntil(text, START_MS)).toMatchObject({
      ok: false,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/\w+ \w+/),
    });
  });
});
