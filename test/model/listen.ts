/** Hears what is written to the console while a story is played. */
const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;

/** @returns what ends it */
export function listenTo(hear: (text: string) => void): () => void {
  const were = METHODS.map((method) => [method, console[method]] as const);
  for (const method of METHODS) console[method] = (...said: unknown[]) => hear(said.map(String).join(' '));
  return () => {
    for (const [method, was] of were) console[method] = was;
  };
}
