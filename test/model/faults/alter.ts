/** How a deliberate fault is put into a part of the product: around it, never into it. */
import type { KeyRecord, KeyVersion } from '../../../lambdas/core/domain/key-record.ts';
import type { KeyChange, KeyStore } from '../../../lambdas/core/ports/key-store.ts';
import type { RotationDeps } from '../../../lambdas/core/use-cases/rotation-deps.ts';
import type { VersionStatus } from '../../../rules/words.ts';
import type { Parts, Step } from '../parts.ts';

/** The same object but for these members. */
export const altered = <Whole extends object>(whole: Whole, members: Partial<Whole>): Whole =>
  new Proxy(whole, {
    get: (target, property) => {
      const member = Reflect.get(property in members ? members : target, property) as unknown;
      return typeof member === 'function' && !(property in members) ? member.bind(target) : member;
    },
  });

/** The same product, but that one step of the machine is run like this. */
export const withStep = (parts: Parts, name: string, change: (step: Step) => Step): Parts => ({
  ...parts,
  steps: { ...parts.steps, [name]: change(parts.steps[name] as Step) },
});

export const withUseCases = (parts: Parts, changed: Partial<Parts['useCases']>): Parts => ({
  ...parts,
  useCases: { ...parts.useCases, ...changed },
});

type StoreOf = { readonly store: KeyStore };

/** What is to be stored is changed on its way. */
export const saving =
  (change: (change: KeyChange) => KeyChange) =>
  <Deps extends StoreOf>(deps: Deps): Deps => ({
    ...deps,
    store: altered(deps.store, { save: (made) => deps.store.save(change(made)) }),
  });

/** What is read of a key is changed on its way. */
export const finding =
  (change: (record: KeyRecord) => KeyRecord) =>
  <Deps extends StoreOf>(deps: Deps): Deps => ({
    ...deps,
    store: altered(deps.store, {
      find: async (keyId) => {
        const record = await deps.store.find(keyId);
        return record && change(record);
      },
    }),
  });

/** The step with its ports changed. */
export const on =
  (change: (deps: RotationDeps) => RotationDeps) =>
  (step: Step): Step =>
  (deps, call) =>
    step(change(deps), call);

/** The change with other statuses of versions. */
export const restating = (restate: (version: KeyVersion) => VersionStatus) =>
  saving((change) => ({
    ...change,
    after: {
      ...change.after,
      versions: change.after.versions.map((version) => ({ ...version, status: restate(version) })),
    },
  }));

/** What this change would make retired stays as it was. */
export const keepingAccepted = saving((change) => ({
  ...change,
  after: {
    ...change.after,
    versions: change.after.versions.map((version) => {
      const before = change.before.versions.find((each) => each.version === version.version);
      return version.status === 'retired' && before ? { ...version, status: before.status } : version;
    }),
  },
}));

/** What every change moves on. */
export const headOf = ({ audit, revision }: KeyRecord): Pick<KeyRecord, 'audit' | 'revision'> => ({
  audit,
  revision,
});
