/** The running local cloud, as it describes itself in its state directory. */
import { type LocalCloud, localCloudFile, readLocalCloud, stateDirectory } from '../local/state.ts';
import type { AwsSettings, Environment } from './aws-settings.ts';
import { CliError } from './exit.ts';
import type { Target } from './target.ts';

/** @throws CliError `local-cloud-down` when none is described */
function runningCloud(env: Environment): LocalCloud {
  const directory = stateDirectory(env);
  const cloud = readLocalCloud(directory);
  if (cloud) return cloud;
  throw new CliError(
    'local-cloud-down',
    `No running local cloud is described in ${localCloudFile(directory)}.`,
    "Start one with 'npm run local -- up'.",
  );
}

/** How to reach it: any credentials do. */
export function localSettings(env: Environment): AwsSettings {
  const { region, endpoint } = runningCloud(env);
  return { region, endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

/** The local stack; its addresses are those that answer here, not the ones its templates make up. */
export function localTarget(env: Environment): Target {
  const cloud = runningCloud(env);
  return {
    stackName: cloud.stackName,
    region: cloud.region,
    place: `local cloud at ${cloud.endpoint}`,
    outputs: cloud.outputs,
    mcpRestUrl: cloud.mcpUrl,
    mcpHttpUrl: cloud.mcpHttpUrl,
  };
}
