import { describe, expect, it } from 'vitest';
import {
  type DrivenSecret,
  driveRotation,
  driveTest,
  type Step,
} from '../../../local/secrets-driver/drive-rotation.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';

const TOKEN = '11111111-2222-3333-4444-555555555555';
const OTHER = '21111111-2222-3333-4444-555555555555';

/** A secret whose function does as a rotation function should, unless it is told to fail. */
function drivenSecret() {
  const secrets = new MemorySecrets(() => 0);
  const secret = secrets.create('s');
  secrets.put('s', 'first', 'one', undefined, false);
  const called: string[] = [];
  const world = {
    secrets,
    secret,
    called,
    enabled: true,
    failing: undefined as Step | undefined,
    idle: false,
  };
  const act: Readonly<Record<Step, (token: string) => void>> = {
    createSecret: (token) => secrets.put('s', token, `text of ${token}`, ['AWSPENDING'], true),
    setSecret: () => undefined,
    testSecret: () => undefined,
    finishSecret: (token) => {
      const current = secret.versions.find(({ stages }) => stages.has('AWSCURRENT'))?.id;
      if (!world.idle && current !== token) secrets.move('s', 'AWSCURRENT', current, token);
    },
  };
  const driven: DrivenSecret = {
    rotationEnabled: async () => world.enabled,
    versions: async () => secret.versions.map(({ id, stages }) => ({ id, stages: [...stages] })),
    stage: async (token) => secrets.beginRotation('s', token),
    unstage: async (token) => secrets.move('s', 'AWSPENDING', token, undefined),
    invoke: async (step, token) => {
      called.push(step);
      if (world.failing === step) return 'no';
      act[step](token);
      return undefined;
    },
  };
  const stages = () =>
    Object.fromEntries(secret.versions.map((version) => [version.id, [...version.stages].sort().join(' ')]));
  return { ...world, world, driven, stages };
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

describe('a rotation', () => {
  it('calls the four steps in order, and leaves AWSPENDING nowhere', async () => {
    const { driven, called, stages } = drivenSecret();
    expect(await driveRotation(driven, { token: TOKEN })).toEqual({ outcome: 'rotated', token: TOKEN });
    expect(called).toEqual(STEPS);
    expect(stages()).toEqual({ first: 'AWSPREVIOUS', [TOKEN]: 'AWSCURRENT' });
  });

  it.each(STEPS)('that fails at %s is begun again from the first step under the same token', async (step) => {
    const { driven, world, called, stages } = drivenSecret();
    world.failing = step;
    expect(await driveRotation(driven, { token: TOKEN })).toEqual({
      outcome: 'failed',
      token: TOKEN,
      step,
      reason: 'no',
    });
    expect(called).toEqual(STEPS.slice(0, STEPS.indexOf(step) + 1));
    expect(stages()).toMatchObject({ first: 'AWSCURRENT', [TOKEN]: 'AWSPENDING' });
    expect(await driveRotation(driven, { token: OTHER }), 'another is refused meanwhile').toEqual({
      outcome: 'refused',
      reason: "A previous rotation isn't complete. That rotation will be reattempted.",
    });

    world.failing = undefined;
    called.length = 0;
    expect(await driveRotation(driven, { token: TOKEN })).toMatchObject({ outcome: 'rotated' });
    expect(called).toEqual(STEPS);
  });

  it('is no success before AWSCURRENT is on its version', async () => {
    const { driven, world } = drivenSecret();
    world.idle = true;
    expect(await driveRotation(driven, { token: TOKEN })).toEqual({
      outcome: 'failed',
      token: TOKEN,
      step: 'finishSecret',
      reason: `AWSCURRENT is not on version ${TOKEN}.`,
    });
  });

  it('follows one whose AWSPENDING is still on the current version', async () => {
    const { driven, secrets } = drivenSecret();
    secrets.move('s', 'AWSPENDING', undefined, 'first');
    expect(await driveRotation(driven, { token: TOKEN })).toMatchObject({ outcome: 'rotated' });
  });

  it('of a secret that is not to be rotated is refused', async () => {
    const { driven, world, called } = drivenSecret();
    world.enabled = false;
    expect(await driveRotation(driven, { token: TOKEN })).toMatchObject({ outcome: 'refused' });
    expect(called).toEqual([]);
  });
});

describe('turning rotation on without rotating at once', () => {
  it.each([undefined, 'testSecret'] as const)(
    'runs testSecret alone and removes its version (failing: %s)',
    async (failing) => {
      const { driven, world, called, stages } = drivenSecret();
      world.failing = failing;
      expect(await driveTest(driven, { token: TOKEN })).toMatchObject({
        outcome: failing ? 'failed' : 'rotated',
      });
      expect(called).toEqual(['testSecret']);
      expect(stages()).toEqual({ first: 'AWSCURRENT' });
    },
  );

  it('is refused while a rotation is not over', async () => {
    const { driven, secrets } = drivenSecret();
    secrets.beginRotation('s', OTHER);
    expect(await driveTest(driven, { token: TOKEN })).toMatchObject({ outcome: 'refused' });
  });
});
