/** The Chromium of this machine, for tests of pages. */
import { existsSync } from 'node:fs';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * @returns the path of the browser: `KEYTURN_CHROMIUM`, or the first in a usual place
 * @throws where there is none: a test of a page without a browser shows nothing
 */
export function chromiumPath(
  chosen: string | undefined = process.env['KEYTURN_CHROMIUM'],
  isThere: (path: string) => boolean = existsSync,
): string {
  const path = chosen ? [chosen].find(isThere) : USUAL.find(isThere);
  if (path !== undefined) return path;
  throw new Error(
    chosen
      ? `KEYTURN_CHROMIUM names '${chosen}', which is not there. Give the path of a Chromium.`
      : `No Chromium was found, which tests of pages need (${USUAL.join(', ')}). Install the system package chromium, or set KEYTURN_CHROMIUM to the path of one.`,
  );
}
