/** In which language a mail is written, and by which clock its times are told. */
import { type Checked, refused } from './checked.ts';

export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
/** A language that mails are written in. */
export type Language = (typeof LANGUAGES)[number];

export const DEFAULT_LOCALE = 'en';
export const DEFAULT_TIME_ZONE = 'UTC';

/** Of a language without a region: how dates are written there. */
const USUAL: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' };

/** @returns the tag in its canonical form: `de`, `en-US` */
export function parseLocale(value: unknown, what = 'locale'): Checked<string> {
  const tag = canonical(value);
  const isKnown = tag !== undefined && languageIn(tag) !== undefined && /^[a-z]{2}(-[A-Z]{2})?$/.test(tag);
  if (isKnown) return { ok: true, value: tag };
  return refused(
    `${what} '${shown(value)}' is not one that mails are written in.`,
    `Choose one of ${LANGUAGES.join(', ')}, with a region if its dates matter: en-US, de-CH.`,
  );
}

/** What a locale means; of one that is not known the default. */
export function localeOf(tag: string): { readonly language: Language; readonly dates: string } {
  const parsed = parseLocale(tag);
  const known = parsed.ok ? parsed.value : DEFAULT_LOCALE;
  const language = languageIn(known) as Language;
  return { language, dates: known === language ? USUAL[language] : known };
}

/** @returns the zone's name as the IANA database has it */
export function parseTimeZone(value: unknown, what = 'time zone'): Checked<string> {
  const zone = zoneNamed(value);
  if (zone !== undefined) return { ok: true, value: zone };
  return refused(`${what} '${shown(value)}' is not known.`, `Give UTC or ${suggestions(shown(value))}.`);
}

/** An offset is none: it would be wrong for half of the year. */
function zoneNamed(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z][A-Za-z0-9_+/-]{1,60}$/.test(value)) return undefined;
  if (/^utc$/i.test(value)) return DEFAULT_TIME_ZONE;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** The zones that share a word with what was written, or the areas that there are. */
function suggestions(written: string): string {
  const zones = Intl.supportedValuesOf('timeZone');
  const stems = written
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 3 && !AREAS.has(word))
    .map((word) => word.slice(0, 4));
  const near = zones.filter((zone) => stems.some((stem) => zone.toLowerCase().includes(stem)));
  if (near.length > 0) return `one such as ${near.slice(0, 6).join(', ')}`;
  const areas = [...new Set(zones.map((zone) => zone.split('/')[0] as string))];
  return `a name of the IANA database such as Europe/Berlin; its areas are ${areas.join(', ')}`;
}

const AREAS = new Set(['africa', 'america', 'asia', 'europe', 'australia', 'atlantic', 'pacific', 'indian']);

function canonical(value: unknown): string | undefined {
  try {
    return typeof value === 'string' ? Intl.getCanonicalLocales(value)[0] : undefined;
  } catch {
    return undefined;
  }
}

const languageIn = (tag: string): Language | undefined =>
  LANGUAGES.find((language) => tag === language || tag.startsWith(`${language}-`));

const shown = (value: unknown): string => String(value).slice(0, 60);
