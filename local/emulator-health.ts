/** Asking an emulator how it is. */
const ANSWER_MILLISECONDS = 3000;

export interface EmulatorHealth {
  readonly version: string;
  readonly edition: string;
}

/** What MiniStack or LocalStack says of itself; undefined when nothing like them answers there. */
export async function emulatorHealth(endpoint: string): Promise<EmulatorHealth | undefined> {
  try {
    const response = await fetch(new URL('/_localstack/health', endpoint), {
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    if (!response.ok) return undefined;
    const { version, edition } = (await response.json()) as Partial<EmulatorHealth>;
    return { version: version ?? 'unknown', edition: edition ?? 'unknown' };
  } catch {
    return undefined;
  }
}
