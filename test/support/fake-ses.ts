/** A mail service that says what it took: it may be throttled, refuse, or take a mail and lose the answer. */
import type { MailNotice } from '../../lambdas/core/domain/notice.ts';
import type { NoticeSender, SendOutcome } from '../../lambdas/core/ports/notices.ts';
import { noticeName } from './memory-outbox.ts';

/** `lost`: taken, and the answer did not arrive. `killed`: taken, and whoever sent is gone. `down`: not taken. */
export type Mood = 'takes' | 'throttles' | 'refuses' | 'lost' | 'killed' | 'dies' | 'down';

/** What happens to a sender that is killed. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface TakenMail {
  readonly name: string;
  readonly attempt: number;
  readonly receipt: string;
}

export class FakeSes implements NoticeSender<MailNotice> {
  readonly taken: TakenMail[] = [];
  readonly givenUp: string[] = [];
  /** Of the next try. */
  mood: () => Mood = () => 'takes';

  async send(notice: MailNotice, attempt: number): Promise<SendOutcome> {
    switch (this.mood()) {
      case 'takes':
        return { outcome: 'sent', receipt: this.#take(notice, attempt) };
      case 'throttles':
        return { outcome: 'later', why: 'Too many.', afterMs: 10_000, throttled: true };
      case 'refuses':
        return { outcome: 'refused', why: 'The sender is not verified.' };
      case 'down':
        return { outcome: 'later', why: 'Out of reach.' };
      case 'lost':
        this.#take(notice, attempt);
        return { outcome: 'unknown', why: 'The answer was lost.' };
      case 'killed':
        this.#take(notice, attempt);
        throw new Killed('after the mail was taken');
      case 'dies':
        throw new Killed('before the mail was taken');
    }
  }

  async onGivenUp(notice: MailNotice): Promise<void> {
    this.givenUp.push(noticeName(notice));
  }

  #take(notice: MailNotice, attempt: number): string {
    const receipt = `mail-${this.taken.length + 1}`;
    this.taken.push({ name: noticeName(notice), attempt, receipt });
    return receipt;
  }
}
