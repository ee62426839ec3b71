/** The running local cloud, as it describes itself in `local.json` of the state directory. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AwsSettings, Environment } from './aws-settings.ts';
import { CliError } from './exit.ts';
import type { Target } from './target.ts';

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

const LocalFile = z.object({
  endpoint: z.url(),
  region: z.string(),
  stackName: z.string(),
  mcpUrl: z.string().optional(),
  mcpHttpUrl: z.string().optional(),
  outputs: z.record(z.string(), z.string()),
});
type LocalFile = z.infer<typeof LocalFile>;

export interface LocalCloud {
  readonly file: LocalFile;
  readonly settings: AwsSettings;
}

/** @throws CliError `local-cloud-down` when there is no readable description */
export function readLocalCloud(env: Environment): LocalCloud {
  const path = join(resolve(env.KEYTURN_STATE_DIR ?? join(CHECKOUT, '.keyturn')), 'local.json');
  try {
    const file = LocalFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { file, settings: { region: file.region, endpoint: file.endpoint, credentials } };
  } catch (cause) {
    throw new CliError(
      'local-cloud-down',
      `No running local cloud is described in ${path}.`,
      "Start one with 'npm run local -- up'.",
      { cause },
    );
  }
}

/** The local stack; its addresses are those that answer here, not the ones its templates make up. */
export function localTarget(file: LocalFile): Target {
  return {
    stackName: file.stackName,
    region: file.region,
    place: `local cloud at ${file.endpoint}`,
    outputs: file.outputs,
    mcpRestUrl: file.mcpUrl,
    mcpHttpUrl: file.mcpHttpUrl,
  };
}
