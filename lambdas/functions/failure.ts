/**
 * What a Catch hands over, in one sentence.
 *
 * `Cause` is text: of a Lambda error the JSON `{errorType, errorMessage, trace}`, of a time-out a plain sentence.
 */
export function failureFrom(caught: unknown): string {
  const { Error: name, Cause: cause } = (caught ?? {}) as {
    readonly Error?: unknown;
    readonly Cause?: unknown;
  };
  const message = messageIn(String(cause ?? ''));
  return [String(name ?? 'Unknown'), message].filter((part) => part !== '').join(': ');
}

function messageIn(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { readonly errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : '';
  } catch {
    return cause;
  }
}
