/** An error as a line of log has it. Messages never quote a key. */
export function faultOf(error: unknown): { readonly fault: string; readonly cause: string } {
  const { name, message } = error as Error;
  return { fault: name, cause: message };
}
