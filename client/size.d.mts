/** The size of the client's bundle, as README.md shows it. */
export function sizeTable(): Promise<string>;
