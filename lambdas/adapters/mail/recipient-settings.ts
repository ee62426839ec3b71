/** How whoever has an address reads mails, as far as it is known, or that one is not wanted. */
import { isLeavable } from '../../../rules/mail-kinds.ts';
import { localeOf } from '../../../rules/mail-locale.ts';
import type { MailNotice } from '../../core/domain/notice.ts';
import { type OwnerSettings, USUAL_SETTINGS, wantsMail } from '../../core/domain/owner-settings.ts';
import { unsubscribeUrl } from '../../core/domain/unsubscribe-link.ts';
import type { OwnerSettingsStore } from '../../core/ports/owner-settings.ts';
import type { Reading } from './reading.ts';
import type { RenderSettings } from './render-notice.ts';

export interface ReadingDeps {
  readonly owners: Pick<OwnerSettingsStore, 'find'>;
  readonly footer?: string | undefined;
}

export interface RecipientDeps extends ReadingDeps {
  /** That the codes of unsubscribe links are made from. */
  readonly linkSecret: () => Promise<Uint8Array>;
  /** Of the API at which addresses unsubscribe. */
  readonly apiUrl: string;
}

/** Read anew for each mail that must be told whatever is stored. */
export const recipientReading =
  ({ owners, footer }: ReadingDeps) =>
  async (address: string): Promise<Reading> =>
    readingIn((await owners.find(address)) ?? USUAL_SETTINGS, footer);

/** Read anew for each notice: who has left gets none from then on. */
export const recipientSettings =
  ({ owners, linkSecret, apiUrl, footer }: RecipientDeps) =>
  async ({ kind, recipient }: MailNotice): Promise<RenderSettings | 'unwanted'> => {
    const settings = (await owners.find(recipient)) ?? USUAL_SETTINGS;
    if (!wantsMail(settings, kind)) return 'unwanted';
    const reading = readingIn(settings, footer);
    if (!isLeavable(kind)) return reading;
    const { language } = localeOf(reading.locale);
    const leaving = { kind, address: recipient };
    return { ...reading, unsubscribeUrl: unsubscribeUrl(apiUrl, await linkSecret(), leaving, language) };
  };

const readingIn = ({ locale, timeZone }: OwnerSettings, footer: string | undefined): Reading => ({
  locale,
  timeZone,
  ...(footer === undefined ? {} : { footer }),
});
