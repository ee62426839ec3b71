/** How the mail service stands to the one who sends by it. */

export interface MailStanding {
  /** The identity that lets the address send: itself or one of its domains; absent where none is verified. */
  readonly verifiedBy?: string;
  /** Only verified addresses are sent to. */
  readonly sandbox: boolean;
  readonly sendingEnabled: boolean;
  readonly hasConfigurationSet: boolean;
  /** Mails in 24 hours; absent where there is no limit. */
  readonly dailyQuota?: number;
  readonly sentToday: number;
}

export interface MailServiceReader {
  standing(): Promise<MailStanding>;
}
