/** What a ciphertext is bound to: authenticated with it, and shown in the key service's own log. Ids only. */
export type EncryptionContext = Readonly<Record<string, string>>;

const NAME = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const LONGEST_VALUE = 256;

/**
 * Checks a context before anything is encrypted in it: an empty one would bind to nothing.
 *
 * @param values numbers are written in decimal
 * @throws TypeError that names the entry, never its value
 */
export function encryptionContext(values: Readonly<Record<string, string | number>>): EncryptionContext {
  const entries = Object.entries(values);
  if (entries.length === 0) throw new TypeError('An encryption context without entries binds to nothing.');
  for (const [name, value] of entries) {
    const text = String(value);
    if (!NAME.test(name)) throw new TypeError(`'${name}' cannot name an entry of an encryption context.`);
    if (text === '' || text.length > LONGEST_VALUE) {
      throw new TypeError(`The entry '${name}' of an encryption context is empty or too long.`);
    }
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
