/** Scene 2: the official MCP client lists and calls tools with a key, over each API and in each protocol revision. */
import { parseKey } from '../../../lambdas/core/domain/key-format.ts';
import { DEFAULT_PREFIX } from '../../../rules/key-prefix.ts';
import type { DrillContext, Endpoint } from '../drill-context.ts';
import type { DrillKey } from '../drill-key.ts';
import { assertExampleTools, ECHO_TOOL, WHOAMI_TOOL } from '../example-tools.ts';
import { connectMcp, PROTOCOLS, type ProtocolVersion } from '../mcp-caller.ts';
import { expectThat } from '../story.ts';
import { inventedKey, refused } from './refusals.ts';

/** @returns the key that the next scenes rotate */
export async function clients(drill: DrillContext): Promise<DrillKey> {
  const key = await drill.story.step('issue a key', 'version 1, with its text', async () => {
    const issued = await drill.keys.issue('rotation', ['tools:*']);
    return [`key ${issued.keyId}, version ${issued.version}, scope tools:*`, issued];
  });
  const parsed = parseKey(key.secret.reveal());
  const prefix = parsed.ok ? parsed.key.prefix : DEFAULT_PREFIX;
  for (const endpoint of drill.endpoints) {
    await refused(drill, endpoint, 'its id with another secret', inventedKey(prefix, key.keyId));
    for (const protocol of PROTOCOLS) await useTools(drill, endpoint, protocol, key);
  }
  return key;
}

async function useTools(
  drill: DrillContext,
  endpoint: Endpoint,
  protocol: ProtocolVersion,
  key: DrillKey,
): Promise<void> {
  const expected = `protocol ${protocol}, the echo back, version ${key.version} seen by the server`;
  await drill.story.check(`${endpoint.api}, MCP ${protocol}`, expected, async () => {
    const client = await connectMcp(drill, { name: 'client', endpoint, protocol, key: () => key });
    try {
      const tools = await client.listTools();
      assertExampleTools(tools);
      const word = `drill ${drill.now()}`;
      const echo = await client.callTool(ECHO_TOOL, { text: word });
      const whoami = await client.callTool(WHOAMI_TOOL, {});
      expectThat(echo.call.status === 200, `echo answered ${echo.call.status}`);
      expectThat(echo.text === word, `echo said '${echo.text}'`);
      const seen = seenKey(whoami.text);
      expectThat(client.negotiated === protocol, `protocol ${client.negotiated}`);
      expectThat(seen === `${key.keyId} version ${key.version}`, `the server saw ${seen}`);
      return `200, ${tools.length} tools, echo came back, the server saw ${seen}`;
    } finally {
      await client.close();
    }
  });
}

function seenKey(whoami: string | undefined): string {
  const { keyId, keyVersion } = JSON.parse(whoami ?? '{}') as { keyId?: string; keyVersion?: number };
  return `${keyId} version ${keyVersion}`;
}
