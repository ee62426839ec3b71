/** What mails to owners are about, and which of them an owner may do without. */

/**
 * `leavable`: an owner who never reads it loses nothing. What stays is whatever is the only word of something that cuts a
 * client off or hands a key to a stranger: the first word of a rotation, a new key that nobody has, a new key that is
 * refused again, an emergency, and a key that arrived elsewhere; and what says that an owner's webhook is told no more. The others repeat, or tell of what needs nothing more.
 */
export const MAIL_KIND_RULES = {
  issued: { leavable: true },
  'rotation-started': { leavable: false },
  reminder: { leavable: true },
  extended: { leavable: true },
  'rolled-back': { leavable: false },
  retired: { leavable: true },
  emergency: { leavable: false },
  'delivery-waiting': { leavable: false },
  'received-elsewhere': { leavable: false },
  'webhook-disabled': { leavable: false },
} as const satisfies Readonly<Record<string, { readonly leavable: boolean }>>;

/** What a mail to an owner is about. */
export type MailKind = keyof typeof MAIL_KIND_RULES;
/** One about a key. */
export type KeyMailKind = Exclude<MailKind, 'webhook-disabled'>;
export const MAIL_KINDS = Object.keys(MAIL_KIND_RULES) as readonly MailKind[];

/** One that its recipient may unsubscribe from. */
export type LeavableKind = {
  [Kind in MailKind]: (typeof MAIL_KIND_RULES)[Kind]['leavable'] extends true ? Kind : never;
}[MailKind];
export const LEAVABLE_KINDS = MAIL_KINDS.filter(
  (kind): kind is LeavableKind => MAIL_KIND_RULES[kind].leavable,
);

/** Of somebody who may hold a key: whoever must act at once hears of it before all others that wait. */
export const URGENT_KINDS: readonly MailKind[] = ['emergency', 'received-elsewhere'];

export const isLeavable = (kind: unknown): kind is LeavableKind =>
  (LEAVABLE_KINDS as readonly unknown[]).includes(kind);
