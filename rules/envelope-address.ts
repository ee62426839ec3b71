/** Addresses that Amazon SES takes, as the envelope of a mail has them: ASCII, one, and without a name beside it. */

const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{4,190}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,}|xn--[A-Za-z0-9-]*[A-Za-z0-9])$/;

/** Nothing else than one address: no second one behind a comma, no line break that begins a header. */
export const isEnvelopeAddress = (text: unknown): text is string =>
  typeof text === 'string' && ADDRESS.test(text);
