/** The tools of the example MCP server that a drill calls. */
import type { Tool } from '@modelcontextprotocol/client';

/** Answers with the text it was given. */
export const ECHO_TOOL = 'echo';
/** Answers with what the authorizer told the server about the key. */
export const WHOAMI_TOOL = 'whoami';

/** @throws Error naming the tools that are there, when one of the two is not */
export function assertExampleTools(tools: readonly Tool[]): void {
  const names = tools.map(({ name }) => name);
  const missing = [ECHO_TOOL, WHOAMI_TOOL].find((name) => !names.includes(name));
  if (missing) throw new Error(`The server has no tool '${missing}', only ${names.join(', ') || 'none'}.`);
}
