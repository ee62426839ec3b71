/** Faults of deliveries: what is handed out, what a place shows, what stays sealed, and what may retire. */
import type { KeyRecord, KeyVersion } from '../../../lambdas/core/domain/key-record.ts';
import type { OfferDeps } from '../../../lambdas/core/use-cases/offer-deps.ts';
import { tokenHash } from '../../../lambdas/core/use-cases/offer-link.ts';
import { DELIVERED } from '../arbitraries.ts';
import { altered, finding, on, saving, withStep, withUseCases } from './alter.ts';
import type { Fault } from './fault.ts';

const withVersions =
  (change: (version: KeyVersion) => KeyVersion) =>
  (record: KeyRecord): KeyRecord => ({ ...record, versions: record.versions.map(change) });

function withoutRestoring<Deps extends Pick<OfferDeps, 'places'>>(deps: Deps): Deps {
  const place = altered(deps.places.vault, { restore: async () => {} });
  return { ...deps, places: { 'secrets-manager': place, vault: place } };
}

export const DELIVERY_FAULTS: readonly Fault[] = [
  {
    name: 'any link opens any key that waits to be taken by one',
    breaks: [8],
    shownBy: DELIVERED,
    spoil: (parts) =>
      withUseCases(parts, {
        takeByLink: (deps, request) => {
          const opened = withVersions(({ offer, ...version }) => ({
            ...version,
            ...(offer?.link
              ? { offer: { ...offer, link: { ...offer.link, tokenHash: tokenHash(request.token) } } }
              : offer && { offer }),
          }));
          return parts.useCases.takeByLink(finding(opened)(deps), request);
        },
      }),
  },
  {
    name: 'a link is taken where the write of another came first',
    breaks: [8],
    shownBy: { ...DELIVERED, 'open link': 200 },
    spoil: (parts) =>
      withUseCases(parts, {
        takeByLink: (deps, request) =>
          parts.useCases.takeByLink(
            {
              ...deps,
              store: altered(deps.store, {
                save: async (change) => {
                  await deps.store.save(change);
                  return 'saved';
                },
              }),
            },
            request,
          ),
      }),
  },
  {
    name: 'a key is renewed though it is used',
    breaks: [8],
    shownBy: { ...DELIVERED, renew: 200, use: 100 },
    spoil: (parts) =>
      withUseCases(parts, {
        takeRenewed: (deps, ...rest) =>
          parts.useCases.takeRenewed(finding((record) => ({ ...record, firstUsesMs: {} }))(deps), ...rest),
      }),
  },
  {
    name: 'a rollback leaves the place as it is',
    breaks: [9],
    shownBy: DELIVERED,
    spoil: (parts) =>
      withUseCases(parts, {
        rollbackRotation: (deps, ...rest) => parts.useCases.rollbackRotation(withoutRestoring(deps), ...rest),
      }),
  },
  {
    name: 'what came late to the place is not put right',
    breaks: [9],
    shownBy: {
      step: 150,
      rotate: 20,
      rollback: 40,
      use: 1,
      claim: 1,
      deliver: 1,
      exempt: 1,
      'give up': 1,
      wait: 1,
      enable: 1,
      sweep: 1,
      repeat: 1,
      'wait for machine': 1,
    },
    delivery: 'vault',
    inRaces: true,
    spoil: (parts) => {
      const spoiled = withStep(
        parts,
        'deliver',
        on((deps) => withoutRestoring(deps)),
      );
      return withUseCases(spoiled, {
        offerVersion: (deps, ...rest) => parts.useCases.offerVersion(withoutRestoring(deps), ...rest),
      });
    },
  },
  {
    name: 'a link leaves the seal of what it has given',
    breaks: [8, 10],
    shownBy: DELIVERED,
    spoil: (parts) =>
      withUseCases(parts, {
        takeByLink: (deps, request) =>
          parts.useCases.takeByLink(saving(({ seal: _destroyed, ...change }) => change)(deps), request),
      }),
  },
  {
    name: 'the place is written and the seal stays',
    breaks: [10],
    shownBy: DELIVERED,
    spoil: (parts) => withStep(parts, 'deliver', on(saving(({ seal: _destroyed, ...change }) => change))),
  },
  {
    name: 'a rollback leaves the seal of the version that it refuses',
    breaks: [10],
    shownBy: DELIVERED,
    spoil: (parts) =>
      withUseCases(parts, {
        rollbackRotation: (deps, ...rest) =>
          parts.useCases.rollbackRotation(saving(({ seal: _destroyed, ...change }) => change)(deps), ...rest),
      }),
  },
  {
    name: 'a key that was offered counts as received',
    breaks: [11],
    shownBy: { ...DELIVERED, 'wait for machine': 300, 'open link': 1, renew: 1, use: 1, claim: 1 },
    spoil: (parts) =>
      withStep(
        parts,
        'judge',
        on(finding(withVersions((version) => ({ ...version, receivedAtMs: version.receivedAtMs ?? 0 })))),
      ),
  },
];
