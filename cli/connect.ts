/** From the global options to a deployment that can be asked: target, caller, admin client. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type AdminClient, lambdaAdminClient } from './admin-client.ts';
import { explainAwsError } from './aws-errors.ts';
import { type AwsSettings, awsSettings, type Environment } from './aws-settings.ts';
import { type Caller, callerIdentity } from './caller.ts';
import type { GlobalOptions } from './context.ts';
import { localTarget, readLocalCloud } from './local-cloud.ts';
import { findStack } from './stack.ts';
import { requireOutput, type Target } from './target.ts';
import { VERSION } from './version.ts';

export interface Connection {
  readonly target: Target;
  readonly admin: AdminClient;
}

/** Finds the deployment; nothing of it is changed or asked yet. */
export async function connect(options: GlobalOptions, env: Environment): Promise<Connection> {
  const settings = awsSettings(options, env);
  const caller = callerIdentity(settings);
  // Awaited later; until then a failure must not count as an unhandled rejection.
  caller.catch(() => undefined);
  const target = await findTarget(options, env, settings, caller);
  return { target, admin: adminOf(target, settings, caller) };
}

/** The deployment that the options name. */
export async function findTarget(
  options: GlobalOptions,
  env: Environment,
  settings: AwsSettings,
  caller: Promise<Caller>,
): Promise<Target> {
  return options.local
    ? localTarget(readLocalCloud(env).file)
    : await findStack(options.stack, settings, caller);
}

/** The deployment's admin function, with what AWS itself refuses said in words. */
export function adminOf(target: Target, settings: AwsSettings, caller: Promise<Caller>): AdminClient {
  const actor = async () => ({ principal: (await caller).arn, via: `keyturn-cli/${VERSION}` });
  const functionName = requireOutput(target, 'AdminFunctionName');
  const admin = lambdaAdminClient(new LambdaClient(settings), functionName, actor);
  return {
    async call(action, input) {
      try {
        return await admin.call(action, input);
      } catch (error) {
        throw explainAwsError(error, settings);
      }
    },
  };
}
