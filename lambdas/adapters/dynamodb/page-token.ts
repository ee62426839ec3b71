/** Where a listing goes on, as a token that callers hand back: nobody else's is taken for one. */

export const writeToken = (place: object): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** @returns undefined for what no listing of this kind has written */
export function readToken<Place>(
  token: string,
  isPlace: (value: Partial<Place>) => boolean,
): Place | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return typeof value === 'object' && value !== null && isPlace(value as Partial<Place>)
      ? (value as Place)
      : undefined;
  } catch {
    return undefined;
  }
}
