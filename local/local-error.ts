/** What went wrong with the local cloud, for the person at the terminal: what, with which value, and how to mend it. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
}
