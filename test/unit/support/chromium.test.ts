import { expect, it } from 'vitest';
import { chromiumPath } from '../../support/chromium.ts';

const among =
  (...paths: string[]) =>
  (path: string) =>
    paths.includes(path);

it('is the chosen one, or the first in a usual place', () => {
  expect(chromiumPath('/opt/chromium', among('/opt/chromium', '/usr/bin/chromium'))).toBe('/opt/chromium');
  expect(chromiumPath('', among('/usr/bin/google-chrome', '/snap/bin/chromium'))).toBe(
    '/usr/bin/google-chrome',
  );
});

it('that is missing fails with the mend', () => {
  const none = among();
  expect(() => chromiumPath('', none)).toThrow(
    /No Chromium was found.*Install the system package chromium, or set KEYTURN_CHROMIUM/,
  );
  expect(() => chromiumPath('/opt/chromium', among('/usr/bin/chromium'))).toThrow(
    "KEYTURN_CHROMIUM names '/opt/chromium'",
  );
});
