/** The official MCP client, and what its HTTP answers were. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** The revision that most clients speak, and the one that has headers to judge by. */
export const REVISIONS = ['2025-11-25', '2026-07-28'] as const;

export interface Answer {
  readonly status: number;
  readonly challenge: string | null;
  readonly keyStatus: string | null;
}

export interface McpCall {
  /** The text that the tool answered, undefined when the call failed. */
  readonly text: string | undefined;
  /** Of the last HTTP answer: the one that decided. */
  readonly answer: Answer;
}

/** Connects with this key, calls one tool, and closes. */
export async function callTool(
  url: string,
  key: string | undefined,
  tool: string,
  revision: (typeof REVISIONS)[number] = '2026-07-28',
): Promise<McpCall> {
  const answers: Answer[] = [];
  const client = new Client(
    { name: 'end-to-end-test', version: '1.0.0' },
    revision === '2026-07-28' ? { versionNegotiation: { mode: { pin: revision } } } : {},
  );
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } },
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      // The 2025 client also tries a stream by GET, which this server does not have.
      if (init?.method === 'POST') answers.push(answerOf(response));
      return response;
    },
  });
  try {
    await client.connect(transport);
    const result = await client.callTool({ name: tool, arguments: { text: 'hello' } });
    return { text: JSON.stringify(result.content), answer: last(answers) };
  } catch (error) {
    if (answers.length === 0) throw error;
    return { text: undefined, answer: last(answers) };
  } finally {
    await client.close();
  }
}

/** One tool call as plain JSON-RPC, for what a client would hide. */
export async function postCall(url: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, toolCall('echo', headers));
  await response.text();
  return answerOf(response);
}

/** Asks the server which version of the key has reached it. @param fetchAs that of a client which holds its own key */
export async function whoami(
  url: string,
  { key, fetchAs = fetch }: { readonly key?: string; readonly fetchAs?: typeof fetch },
): Promise<{ readonly status: number; readonly version?: number }> {
  const response = await fetchAs(url, toolCall('whoami', key === undefined ? {} : bearer(key)));
  const version = /"keyVersion":(\d+)/.exec(await response.text())?.[1];
  return { status: response.status, ...(version === undefined ? {} : { version: Number(version) }) };
}

const toolCall = (name: 'echo' | 'whoami', headers: Record<string, string>) => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...headers,
  },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: name === 'echo' ? { text: 'hello' } : {} },
  }),
});

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

const answerOf = (response: Response): Answer => ({
  status: response.status,
  challenge: response.headers.get('www-authenticate'),
  keyStatus: response.headers.get('api-key-status'),
});

function last(answers: readonly Answer[]): Answer {
  const answer = answers.at(-1);
  if (!answer) throw new Error('No request was made.');
  return answer;
}
