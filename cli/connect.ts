/** From the global options to a deployment that can be asked: caller, target, admin client. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type AdminClient, lambdaAdminClient } from './admin-client.ts';
import { explainAwsError } from './aws-errors.ts';
import { type AwsSettings, awsSettings, type Environment } from './aws-settings.ts';
import { type Caller, callerIdentity } from './caller.ts';
import type { GlobalOptions } from './context.ts';
import { localTarget } from './local-cloud.ts';
import { proveIdentity } from './prove-identity.ts';
import { findStack } from './stack.ts';
import { requireOutput, type Target } from './target.ts';
import { VERSION } from './version.ts';

/** The way to a deployment, part by part; nothing is asked before its part is needed, and each only once. */
export interface Reach {
  caller(): Promise<Caller>;
  target(): Promise<Target>;
  /** @throws CliError when the stack has no admin function */
  admin(target: Target): AdminClient;
}

/** A deployment that was found; nothing of it has been asked or changed yet. */
export interface Connection {
  readonly target: Target;
  readonly admin: AdminClient;
}

export function reach(options: GlobalOptions, env: Environment): Reach {
  const settings = awsSettings(options, env);
  let asked: Promise<Caller> | undefined;
  const caller = () => {
    asked ??= callerIdentity(settings);
    return asked;
  };
  return {
    caller,
    target: async () => (options.local ? localTarget(env) : findStack(options.stack, settings, caller)),
    admin: (target) => adminOf(target, settings, caller),
  };
}

export async function connect(way: Reach): Promise<Connection> {
  const target = await way.target();
  return { target, admin: way.admin(target) };
}

/** The deployment's admin function, with what AWS itself refuses said in words. */
function adminOf(target: Target, settings: AwsSettings, caller: () => Promise<Caller>): AdminClient {
  const actor = async () => ({ principal: (await caller()).arn, via: `keyturn-cli/${VERSION}` });
  const functionName = requireOutput(target, 'AdminFunctionName');
  const lambda = new LambdaClient(settings);
  const prove = async (digest: string) =>
    proveIdentity({ region: target.region, credentials: await lambda.config.credentials() }, digest);
  const admin = lambdaAdminClient(
    lambda,
    new LambdaClient({ ...settings, maxAttempts: 1 }),
    functionName,
    actor,
    prove,
  );
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
