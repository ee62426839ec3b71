/** Secrets Manager rotates the pepper: the four steps, repeated, crashed, late, and beside runs of operators. */
import { describe, expect, it } from 'vitest';
import { firstBrokenLink } from '../../../lambdas/core/domain/audit-event.ts';
import { pepperVersionsIn } from '../../../lambdas/core/domain/pepper-events.ts';
import { STEPS } from '../../../local/secrets-driver/drive-rotation.ts';
import { HOUR_SECONDS } from '../../../rules/time-units.ts';
import { FIRST_PEPPER } from '../../support/memory-pepper-secret.ts';
import { PepperRotationBench } from '../../support/pepper-rotation-bench.ts';
import { TOKENS } from '../../support/secret-rotation-bench.ts';

const [TOKEN, OTHER] = TOKENS;
const ROTATED = { outcome: 'rotated', token: TOKEN };
const BY_HAND = 'p'.repeat(40);

/** A run by an operator, up to this step. */
async function runBy(bench: PepperRotationBench, step: 'Add' | 'MakeCurrent' | 'Count', name = 'p-1') {
  await bench.start(name, { purpose: 'rotation', initiatedBy: 'ops' });
  return bench.runs.get(name)?.until(step);
}

const addedNames = async (bench: PepperRotationBench) =>
  (await bench.pepperEvents()).filter(({ action }) => action === 'pepper.added').flatMap(pepperVersionsIn);

async function expectSound(bench: PepperRotationBench): Promise<void> {
  const events = await bench.pepperEvents();
  expect(firstBrokenLink(events)).toBeUndefined();
  const outcomes = events.filter(({ detail }) => detail['announcedBy'] !== undefined);
  expect(outcomes.length, 'each write is on record once').toBe(bench.secrets.became.length);
  const { AWSPENDING: pending, AWSCURRENT: current } = bench.labels;
  expect(pending === undefined || pending === current, 'nothing blocks the next rotation').toBe(true);
}

describe('a rotation of the pepper that Secrets Manager starts', () => {
  it('adds a pepper under the token, which nobody hashes under, and hands over to the machine', async () => {
    const bench = new PepperRotationBench();
    const { key } = await bench.issue();

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);

    expect(bench.labels).toEqual({ AWSCURRENT: TOKEN, AWSPREVIOUS: 'first' });
    const [first, name] = bench.names;
    expect([first, bench.set.current]).toEqual(['1', '1']);
    expect(bench.inputs).toEqual([
      { purpose: 'rotation', pepperVersion: name, initiatedBy: 'secretsmanager.amazonaws.com' },
    ]);
    expect([...bench.runs.keys()]).toEqual([`secret-${TOKEN}`]);
    expect(await bench.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });

    await bench.drain();
    expect(bench.set.current).toBe(name);
    expect(bench.names, 'the old one stays while a version needs it').toEqual(['1', name]);
    expect(await bench.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
    expect(await bench.pepperStory()).toEqual([
      'adding #1',
      'added #1',
      'making-current #1',
      'made-current #1',
    ]);
    await expectSound(bench);
  });

  it('goes through the machine’s every step, which adds none, and drops what nothing needs', async () => {
    const bench = new PepperRotationBench();
    await bench.rotate(TOKEN);
    await bench.drain();

    const [run] = bench.runs.values();
    expect(run?.ran.map(({ step }) => step)).toEqual(['Begin', 'Add', 'MakeCurrent', 'Count', 'Drop']);
    expect(bench.names).toHaveLength(1);
    expect(bench.names).not.toContain('1');
    expect(await addedNames(bench)).toHaveLength(1);
    await expectSound(bench);
  });

  it('says on record who asked and under which token, and says no pepper', async () => {
    const bench = new PepperRotationBench();
    await bench.rotate(TOKEN);

    const [adding] = await bench.pepperEvents();
    expect(adding).toMatchObject({
      actor: { principal: 'keyturn:pepper', via: `execution/secret-${TOKEN}` },
      detail: { fromRevision: 'first', toRevision: TOKEN, initiatedBy: 'secretsmanager.amazonaws.com' },
    });
    const secrets = [...bench.set.secrets.values()].map((each) => Buffer.from(each).toString());
    const said = JSON.stringify([await bench.pepperEvents(), bench.inputs]);
    for (const text of secrets) expect(said).not.toContain(text);
  });

  it('again under the same token changes nothing, also once the machine has gone on', async () => {
    const bench = new PepperRotationBench();
    await bench.rotate(TOKEN);
    for (const drained of [false, true]) {
      if (drained) await bench.drain();
      const before = [bench.rotating.writes.length, bench.currentId, bench.inputs.length];
      for (const step of [...STEPS, ...STEPS])
        expect(await bench.step(step, TOKEN), step).toEqual({ outcome: 'done' });
      expect([bench.rotating.writes.length, bench.currentId, bench.inputs.length]).toEqual(before);
    }
    await expectSound(bench);
  });

  it.each(STEPS)('with %s repeated three times at once comes to the same end', async (repeated) => {
    const bench = new PepperRotationBench();
    bench.begin(TOKEN);
    for (const step of STEPS) {
      const times = step === repeated ? 3 : 1;
      const answers = await Promise.all(Array.from({ length: times }, () => bench.step(step, TOKEN)));
      expect(answers).toEqual(Array(times).fill({ outcome: 'done' }));
    }
    expect(bench.currentId).toBe(TOKEN);
    await bench.drain();
    expect(await addedNames(bench)).toHaveLength(1);
    await expectSound(bench);
  });

  it('a year later starts another one', async () => {
    const bench = new PepperRotationBench();
    await bench.issue();
    await bench.rotate(TOKEN);
    await bench.drain();
    bench.clock.advanceSeconds(365 * 24 * HOUR_SECONDS);
    expect(await bench.rotate(OTHER)).toMatchObject({ outcome: 'rotated' });
    await bench.drain();
    expect(await addedNames(bench)).toHaveLength(2);
    await expectSound(bench);
  });

  it('tests what every function reads with RotateImmediately=false, and changes nothing', async () => {
    const bench = new PepperRotationBench();
    expect(await bench.test(TOKEN)).toEqual(ROTATED);
    expect(bench.labels).toEqual({ AWSCURRENT: 'first' });
    expect([bench.rotating.writes, bench.inputs, await bench.pepperEvents()]).toEqual([[], [], []]);

    bench.overwrite({ current: 'lost' });
    expect(await bench.test(OTHER)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('PepperDamaged'),
    });
  });
});

describe('a crash', () => {
  const when = ['before', 'after'] as const;
  const places = [0, 1].flatMap((write) => when.map((each) => ({ write, when: each })));

  it.each(places)(
    '$when write $write leaves what the next try finishes, under the same token',
    async (crash) => {
      const bench = new PepperRotationBench();
      const { key } = await bench.issue();
      bench.rotating.crashAt = crash;
      expect(await bench.rotate(TOKEN)).toMatchObject({ outcome: 'failed' });
      expect(await bench.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
      bench.rotating.crashAt = undefined;
      expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
      await bench.drain();
      expect(await addedNames(bench)).toHaveLength(1);
      expect(bench.set.current).toBe((await addedNames(bench))[0]);
      await expectSound(bench);
    },
  );

  it.each(STEPS)('of Secrets Manager before %s is made good by beginning again', async (step) => {
    const bench = new PepperRotationBench();
    const crash = new Error('The service is gone.');
    const dying = bench.rotate(TOKEN, (now) => {
      if (now === step) throw crash;
    });
    await expect(dying).rejects.toBe(crash);
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    await bench.drain();
    expect(await addedNames(bench)).toHaveLength(1);
    await expectSound(bench);
  });

  it('of the record or of the machine’s start leaves a rotation that is begun again', async () => {
    const bench = new PepperRotationBench();
    bench.pepperRecord.failure = new Error('The table cannot be written.');
    expect(await bench.rotate(TOKEN)).toMatchObject({ outcome: 'failed', step: 'finishSecret' });
    expect(bench.currentId, 'nothing is done that is not on record').toBe('first');
    bench.pepperRecord.failure = undefined;
    const { start } = bench;
    bench.start = () => Promise.reject(new Error('Step Functions is not there.'));
    expect(await bench.rotate(TOKEN)).toMatchObject({ outcome: 'failed', step: 'finishSecret' });
    bench.start = start;
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    await bench.drain();
    expect(bench.set.current).toBe((await addedNames(bench))[0]);
    await expectSound(bench);
  });
});

describe('beside a run that an operator has started', () => {
  it.each(['Add', 'MakeCurrent', 'Count'] as const)('after its %s no other pepper is added', async (step) => {
    const bench = new PepperRotationBench();
    const { key } = await bench.issue();
    await runBy(bench, step);

    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    await bench.drain();

    expect(await addedNames(bench)).toHaveLength(1);
    expect(bench.set.current).toBe((await addedNames(bench))[0]);
    expect(await bench.freshAuthorizer().authorize(key)).toMatchObject({ outcome: 'allowed' });
    expect(await bench.pepperStory()).toContain('copied 1 #1');
    await expectSound(bench);
  });

  it('goes on with the pepper of one that was stopped', async () => {
    const bench = new PepperRotationBench();
    const name = (await runBy(bench, 'Add'))?.pepperVersion;
    bench.runs.delete('p-1');
    bench.clock.advanceSeconds(30 * HOUR_SECONDS);
    await bench.rotate(TOKEN);
    expect(bench.inputs.at(-1)).toMatchObject({ pepperVersion: name });
    await bench.drain();
    expect(bench.set.current).toBe(name);
    expect(await addedNames(bench)).toEqual([name]);
  });

  it('is the one that takes up its pepper, when the operator comes second', async () => {
    const bench = new PepperRotationBench();
    await bench.rotate(TOKEN);
    await runBy(bench, 'Add');
    await bench.drain();
    expect(await addedNames(bench)).toHaveLength(1);
    await expectSound(bench);
  });

  it.each(STEPS.slice(1))(
    'that comes before %s is not undone, and Secrets Manager’s is given up',
    async (step) => {
      const bench = new PepperRotationBench();
      const outcome = await bench.rotate(TOKEN, async (now) => {
        if (now === step) await runBy(bench, 'MakeCurrent');
      });
      if (step === 'setSecret' || step === 'testSecret')
        expect(outcome).toMatchObject({ outcome: 'failed', step: 'testSecret' });
      else expect(outcome).toMatchObject({ outcome: 'failed', step: 'finishSecret' });
      expect(outcome).toMatchObject({ reason: expect.stringContaining('was written since') });
      const [name] = await addedNames(bench);
      expect([bench.set.current, bench.labels['AWSPENDING']]).toEqual([name, undefined]);

      expect(await bench.rotate(OTHER), 'the next try joins it').toMatchObject({ outcome: 'rotated' });
      await bench.drain();
      expect(await addedNames(bench)).toEqual([name]);
      await expectSound(bench);
    },
  );

  it('that has done it since Secrets Manager asked, days ago, is joined', async () => {
    const bench = new PepperRotationBench();
    bench.begin(TOKEN);
    bench.clock.advanceSeconds(HOUR_SECONDS);
    await runBy(bench, 'MakeCurrent');
    bench.clock.advanceSeconds(48 * HOUR_SECONDS);
    await bench.drain();
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(await addedNames(bench)).toHaveLength(1);
  });

  it('that has done it before, some hours ago, is another rotation', async () => {
    const bench = new PepperRotationBench();
    await runBy(bench, 'Count');
    await bench.drain();
    bench.clock.advanceSeconds(2 * HOUR_SECONDS);
    expect(await bench.rotate(TOKEN)).toEqual(ROTATED);
    expect(await addedNames(bench)).toHaveLength(2);
  });
});

describe('the label AWSPENDING', () => {
  it('that Secrets Manager has left on what it made current is taken off by the machine’s next write', async () => {
    const bench = new PepperRotationBench();
    bench.begin(TOKEN);
    for (const step of STEPS) await bench.step(step, TOKEN);
    expect(bench.labels).toMatchObject({ AWSCURRENT: TOKEN, AWSPENDING: TOKEN });
    await bench.drain();
    expect(bench.labels).not.toHaveProperty('AWSPENDING');
    expect(await bench.rotate(OTHER)).toMatchObject({ outcome: 'rotated' });
  });
});

describe('refused is', () => {
  it.each([
    ['a token that is none', 'not-a-token', /no UUID/],
    ['a token that is not staged', OTHER, /has no version 2/],
  ])('%s', async (_what, token, reason) => {
    const bench = new PepperRotationBench();
    for (const step of STEPS)
      expect(await bench.step(step, token)).toMatchObject({
        outcome: 'refused',
        reason: expect.stringMatching(reason),
      });
    expect(bench.rotating.writes).toEqual([]);
  });

  it('a step out of order', async () => {
    const bench = new PepperRotationBench();
    bench.begin(TOKEN);
    for (const step of ['setSecret', 'finishSecret'] as const)
      expect(await bench.step(step, TOKEN)).toMatchObject({
        reason: expect.stringContaining('createSecret comes first'),
      });
    expect(bench.currentId).toBe('first');
  });

  it('a secret whose rotation is off, and a version that is neither pending nor in use', async () => {
    const bench = new PepperRotationBench();
    bench.begin(TOKEN);
    bench.turnOff();
    expect(await bench.step('createSecret', TOKEN)).toMatchObject({
      reason: expect.stringContaining('not enabled'),
    });
    const other = new PepperRotationBench();
    other.begin(TOKEN);
    other.secrets.move(other.secretName, 'KEEP', undefined, TOKEN);
    other.secrets.move(other.secretName, 'AWSPENDING', TOKEN, undefined);
    expect(await other.step('createSecret', TOKEN)).toMatchObject({
      reason: expect.stringContaining('is not AWSPENDING'),
    });
  });

  it('a pepper under the token that is not what every function reads and one more', async () => {
    const bench = new PepperRotationBench();
    bench.begin(TOKEN);
    const staged = JSON.stringify({ current: '1', '1': BY_HAND });
    bench.secrets.put(bench.secretName, TOKEN, staged, ['AWSPENDING'], true);
    expect(await bench.step('finishSecret', TOKEN)).toMatchObject({ outcome: 'refused' });
    expect(Buffer.from(bench.set.secrets.get('1') as Uint8Array).toString()).toBe(FIRST_PEPPER);
    expect(bench.labels).not.toHaveProperty('AWSPENDING');
  });
});
