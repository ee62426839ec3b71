/** Why a receiver could not be called, by the error's code: its text may quote what the other side sent. */

const SENTENCES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Its name does not resolve.',
  EAI_AGAIN: 'Its name cannot be resolved now.',
  ECONNREFUSED: 'Nothing listens there: the connection is refused.',
  ECONNRESET: 'It closed the connection.',
  EPIPE: 'It closed the connection.',
  ETIMEDOUT: 'No connection was made in time.',
  EHOSTUNREACH: 'There is no way to it.',
  ENETUNREACH: 'There is no way to it.',
  EPROTO: 'It does not speak TLS as it should.',
  HPE_HEADER_OVERFLOW: 'The headers of its answer are too long.',
  CERT_HAS_EXPIRED: 'Its certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is not of its name.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is self-signed.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is of an authority that is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is of an authority that is not trusted.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate is of an authority that is not trusted.',
};

/** Errors whose message is a sentence of ours. */
const OWN = new Set(['HostRefused', 'TimedOut']);

export function whyOf(error: Error & { readonly code?: unknown }): string {
  if (OWN.has(error.name)) return error.message;
  const code = typeof error.code === 'string' ? error.code : undefined;
  // All addresses of a name were tried.
  if (error instanceof AggregateError) return whyOf((error.errors[0] ?? new Error()) as Error);
  if (code === undefined) return error.name === 'Error' && error.message ? error.message : 'It failed.';
  if (code.startsWith('HPE_')) return SENTENCES[code] ?? `Its answer is no HTTP (${code}).`;
  if (code.startsWith('ERR_SSL_')) return SENTENCES['EPROTO'] as string;
  return SENTENCES[code] ?? `It cannot be reached (${code}).`;
}
