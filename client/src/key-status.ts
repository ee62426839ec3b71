/** The warning that comes with every answer to a key that is being replaced. */
import { parseItem } from './structured-item.ts';

export interface Deprecation {
  /** The version in use. */
  readonly version: number;
  /** When it is announced to end; absent when nothing is announced. */
  readonly expiresAtMs?: number;
}

/**
 * Reads `Api-Key-Status: deprecating; version=3; expires=@1795381202`.
 *
 * @returns undefined for every other value, and for one that is malformed: RFC 9651 has it ignored
 */
export function deprecationIn(header: string | null): Deprecation | undefined {
  const parsed = header === null ? undefined : parseItem(header);
  if (parsed?.item.type !== 'token' || parsed.item.value !== 'deprecating') return undefined;
  const version = parsed.parameters.get('version');
  if (version?.type !== 'integer' || version.value < 1) return undefined;
  const expires = parsed.parameters.get('expires');
  return {
    version: version.value,
    ...(expires?.type === 'date' ? { expiresAtMs: expires.value * 1000 } : {}),
  };
}
