/** Whether a request can be sent a second time: a stream is gone once it was read. */
export function isResendable(input: string | URL | Request, init: RequestInit = {}): boolean {
  const body = init.body ?? (input instanceof Request ? input.body : null);
  return (
    body === null ||
    typeof body === 'string' ||
    body instanceof URLSearchParams ||
    body instanceof FormData ||
    body instanceof Blob ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body)
  );
}
