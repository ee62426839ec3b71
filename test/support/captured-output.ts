/** Everything a function writes while a test runs: the logger's lines, and whatever a stray `console` call says. */
import { format } from 'node:util';
import { type MockInstance, vi } from 'vitest';

export interface CapturedOutput {
  /** All of it. */
  text(): string;
  /** The lines that are JSON, in order: what CloudWatch would read. */
  lines(): Readonly<Record<string, unknown>>[];
  clear(): void;
  restore(): void;
}

export function captureOutput(): CapturedOutput {
  let written = '';
  const take = (chunk: unknown) => {
    written += String(chunk);
    return true;
  };
  const log = (...words: unknown[]) => void take(`${format(...words)}\n`);
  const spies: MockInstance[] = [
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
    vi.spyOn(process.stderr, 'write').mockImplementation(take),
    ...(['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(log),
    ),
  ];
  return {
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    clear: () => {
      written = '';
    },
    restore: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
