/** How often somebody tried a claim link that is none. */
export interface ClaimTries {
  /**
   * Counts one more for this key in the hour of this time, whether there is such a key or not.
   *
   * @returns how many there were in the hour, this one included; `too-many` once `most` are counted: then nothing is
   *   written any more
   */
  count(keyId: string, atMs: number, most: number): Promise<number | 'too-many'>;
}
