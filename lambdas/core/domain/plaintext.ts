/** The one holder of a key in clear: whatever prints, serializes or inspects it sees only `[redacted]`. */

const REDACTED = '[redacted]';

export class Plaintext {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The key itself. Each call is a place to review: hashing, sealing, verifying, the one delivery. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
