/** Scene 3: a key for one tool can call that tool and no other. */
import type { DrillContext, Endpoint } from '../drill-context.ts';
import type { DrillKey } from '../drill-key.ts';
import { ECHO_TOOL, WHOAMI_TOOL } from '../example-tools.ts';
import { connectMcp, PROTOCOLS, type ProtocolVersion } from '../mcp-caller.ts';
import { expectThat } from '../story.ts';

export async function limitedKey(drill: DrillContext): Promise<void> {
  const scope = `tools:${ECHO_TOOL}`;
  const key = await drill.story.step('issue a limited key', `scope ${scope} alone`, async () => {
    const issued = await drill.keys.issue('limited', [scope]);
    return [`key ${issued.keyId}, scope ${scope}`, issued];
  });
  for (const endpoint of drill.endpoints) {
    for (const protocol of PROTOCOLS) await useLimited(drill, endpoint, protocol, key);
  }
}

async function useLimited(
  drill: DrillContext,
  endpoint: Endpoint,
  protocol: ProtocolVersion,
  key: DrillKey,
): Promise<void> {
  const expected = `200 for '${ECHO_TOOL}', 403 for '${WHOAMI_TOOL}'`;
  await drill.story.check(`${endpoint.api}, MCP ${protocol}`, expected, async () => {
    const client = await connectMcp(drill, { name: 'limited client', endpoint, protocol, key: () => key });
    try {
      const allowed = (await client.callTool(ECHO_TOOL, { text: 'drill' })).call.status;
      const other = (await client.callTool(WHOAMI_TOOL, {})).call.status;
      const came = `${allowed} for '${ECHO_TOOL}', ${other} for '${WHOAMI_TOOL}'`;
      expectThat(allowed === 200 && other === 403, came);
      return came;
    } finally {
      await client.close();
    }
  });
}
