import manifest from '../package.json' with { type: 'json' };

/** The version of this checkout, as `keyturn --version` prints it. */
export const VERSION: string = manifest.version;
