/** Writing down what has been brought up. */
import { REGION, STACK_NAME } from './deploy.ts';
import { emulatorHealth } from './emulator-health.ts';
import { type LocalCloud, writeLocalCloud } from './state.ts';

/** Describes an emulator with the stack deployed to it in `local.json`, which tells everybody that it is ready. */
export async function describeCloud(
  emulator: Pick<LocalCloud, 'endpoint' | 'pid' | 'port' | 'startedAt'>,
  outputs: Record<string, string>,
  directory: string,
): Promise<LocalCloud> {
  const { endpoint, pid, port, startedAt } = emulator;
  const health = await emulatorHealth(endpoint);
  const { McpRestUrl, McpHttpUrl } = outputs;
  const cloud: LocalCloud = {
    endpoint,
    region: REGION,
    stackName: STACK_NAME,
    ...(McpRestUrl && { mcpUrl: McpRestUrl }),
    ...(McpHttpUrl && { mcpHttpUrl: McpHttpUrl }),
    outputs,
    pid,
    port,
    startedAt,
    cloud: { name: pid ? 'MiniStack' : 'external emulator', version: health?.version ?? 'unknown' },
  };
  writeLocalCloud(directory, cloud);
  return cloud;
}
