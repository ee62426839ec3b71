import type { KeyRecord } from '../../core/domain/key-record.ts';
import type { OfferDeps } from '../../core/use-cases/offer-deps.ts';

/** Where a key's client reads it: the ARN of its secret, or its name while there is none or it cannot be seen; its path. */
export async function placeName(
  { places }: Pick<OfferDeps, 'places'>,
  { destination }: Pick<KeyRecord, 'destination'>,
): Promise<string | undefined> {
  if (destination?.kind === 'vault') return destination.path;
  if (destination?.kind !== 'secret') return undefined;
  try {
    return (await places['secrets-manager'].addressOf?.(destination)) ?? destination.name;
  } catch {
    return destination.name;
  }
}
