/** Pages of the deployed stack in a real Chromium: looked at, and checked for whom they shut out. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../support/chromium.ts';

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath() });

const DEVICES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
} as const;
const NARROWEST = { width: 320, height: 640 };

/** Pictures for people are kept where this names a directory. */
const PICTURES = process.env['KEYTURN_PICTURES'];

export interface Looks {
  /** axe-core's findings, as `phone dark: color-contrast`. */
  readonly violations: readonly string[];
  /** Pixels that must be scrolled sideways on the narrowest phone. */
  readonly overflow: number;
}

/** Looks at the page as it stands, on phone and desktop, light and dark, and leaves it as it was. */
export async function looksOf(page: Page, name: string): Promise<Looks> {
  const violations: string[] = [];
  const before = page.viewportSize() ?? DEVICES.desktop;
  for (const [device, size] of Object.entries(DEVICES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      violations.push(...(await findings(page)).map((finding) => `${device} ${colorScheme}: ${finding}`));
      if (PICTURES) await picture(page, `${name}-${device}-${colorScheme}`, PICTURES);
    }
  }
  await page.setViewportSize(NARROWEST);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  await page.setViewportSize(before);
  return { violations, overflow };
}

/** Evaluated by the debugger, which the page's policy does not bind. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
  if (passes.length < 10) throw new Error('axe-core has looked at next to nothing.');
  return violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`);
}

async function picture(page: Page, name: string, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
