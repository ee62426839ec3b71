/** A deployed stack, on AWS or on the local cloud, as the CLI knows it. */
import { CliError } from './exit.ts';

/** The outputs that the CLI reads, by their exact names. */
export const OUTPUTS = [
  'AdminFunctionName',
  'RotationMachineArn',
  'TableName',
  'McpRestUrl',
  'McpHttpUrl',
] as const;
export type OutputName = (typeof OUTPUTS)[number];

export interface Target {
  readonly stackName: string;
  readonly region: string;
  /** Where it stands, for people: an AWS account and Region, or the local cloud's address. */
  readonly place: string;
  readonly outputs: Readonly<Partial<Record<OutputName, string>>>;
  /** The example MCP server behind the REST API and behind the HTTP API, when the stack has them. */
  readonly mcpRestUrl: string | undefined;
  readonly mcpHttpUrl: string | undefined;
}

/** @throws CliError when the stack does not have the output */
export function requireOutput(target: Target, name: OutputName): string {
  const value = target.outputs[name];
  if (value) return value;
  throw new CliError(
    'output-missing',
    `Stack '${target.stackName}' (${target.place}) has no output '${name}'.`,
    'It is not a Keyturn stack, or an older one, or its deployment did not end well: deploy it again.',
  );
}
