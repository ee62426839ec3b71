/** One short line a step on standard error, so that standard output keeps the result. */
export interface Progress {
  say(line: string): void;
  /** Announces the step, runs it, and says how long it took. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
}

export function terminalProgress(
  write: (text: string) => void = (text) => process.stderr.write(text),
): Progress {
  return {
    say: (line) => write(`${line}\n`),
    async step(title, work) {
      write(`  ${title} … `);
      const startedAt = performance.now();
      try {
        const result = await work();
        write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
        return result;
      } catch (error) {
        write('failed\n');
        throw error;
      }
    },
  };
}
