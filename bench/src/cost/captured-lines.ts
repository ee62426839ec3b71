/** What a function writes while it works: its log. */

/** @returns what the work gave, and the bytes that it wrote to either stream */
export async function withLinesCounted<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  const streams = [process.stdout, process.stderr] as const;
  const originals = streams.map((stream) => stream.write);
  let bytes = 0;
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      bytes += Buffer.byteLength(chunk);
      return true;
    };
  }
  try {
    const result = await work();
    return { result, bytes };
  } finally {
    streams.forEach((stream, index) => {
      stream.write = originals[index] as typeof stream.write;
    });
  }
}
