/** A client that goes on calling at a steady pace, whatever is done to its key. */
import type { CallRecord } from './call-recorder.ts';
import type { DrillContext, Endpoint } from './drill-context.ts';
import type { DrillKey } from './drill-key.ts';
import { ECHO_TOOL } from './example-tools.ts';
import { connectMcp, type ProtocolVersion } from './mcp-caller.ts';

export interface SteadyCaller {
  readonly name: string;
  /** Its next call carries this key. */
  use(key: DrillKey): void;
  /** Its tool calls so far. */
  calls(): readonly CallRecord[];
  /** Ends after the call under way. */
  stop(): Promise<void>;
}

export async function startSteadyCaller(
  drill: DrillContext,
  options: {
    readonly name: string;
    readonly endpoint: Endpoint;
    readonly protocol: ProtocolVersion;
    readonly key: DrillKey;
  },
): Promise<SteadyCaller> {
  let key = options.key;
  let running = true;
  const client = await connectMcp(drill, { ...options, key: () => key });

  async function callOn(): Promise<void> {
    while (running && !drill.signal.aborted) {
      const startedAtMs = drill.now();
      // A call without an answer is on record as such; the caller itself never gives up.
      await client.callTool(ECHO_TOOL, { text: 'drill' }).catch(() => undefined);
      const restMs = drill.pace.callEveryMs - (drill.now() - startedAtMs);
      await drill.sleep(Math.max(1, restMs)).catch(() => undefined);
    }
  }

  const loop = callOn();
  return {
    name: options.name,
    use(next) {
      key = next;
    },
    calls: () => drill.recorder.toolCalls(options.name),
    async stop() {
      running = false;
      await loop;
      await client.close();
    },
  };
}
