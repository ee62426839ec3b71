/** How the recipient of a notice reads it, as far as it is known, or that it is not wanted. */
import { isLeavable } from '../../../rules/mail-kinds.ts';
import { localeOf } from '../../../rules/mail-locale.ts';
import type { MailNotice } from '../../core/domain/notice.ts';
import { USUAL_SETTINGS, wantsMail } from '../../core/domain/owner-settings.ts';
import { unsubscribeUrl } from '../../core/domain/unsubscribe-link.ts';
import type { OwnerSettingsStore } from '../../core/ports/owner-settings.ts';
import type { RenderSettings } from './render-notice.ts';

export interface RecipientDeps {
  readonly owners: Pick<OwnerSettingsStore, 'find'>;
  /** That the codes of unsubscribe links are made from. */
  readonly linkSecret: () => Promise<Uint8Array>;
  /** Of the API at which addresses unsubscribe. */
  readonly apiUrl: string;
  readonly footer?: string;
}

/** Read anew for each notice: who has left gets none from then on. */
export const recipientSettings =
  ({ owners, linkSecret, apiUrl, footer }: RecipientDeps) =>
  async ({ kind, recipient }: MailNotice): Promise<RenderSettings | 'unwanted'> => {
    const settings = (await owners.find(recipient)) ?? USUAL_SETTINGS;
    if (!wantsMail(settings, kind)) return 'unwanted';
    const { locale, timeZone } = settings;
    const { language } = localeOf(locale);
    return {
      locale,
      timeZone,
      ...(footer === undefined ? {} : { footer }),
      ...(isLeavable(kind)
        ? {
            unsubscribeUrl: unsubscribeUrl(
              apiUrl,
              await linkSecret(),
              { kind, address: recipient },
              language,
            ),
          }
        : {}),
    };
  };
