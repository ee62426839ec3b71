/** How to reach AWS, or the local cloud in its place. */
import type { GlobalOptions } from './context.ts';
import { localSettings } from './local-cloud.ts';

/** What every AWS client of the CLI is made with; what is absent comes from the usual AWS configuration. */
export interface AwsSettings {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function awsSettings(options: GlobalOptions, env: Environment): AwsSettings {
  if (options.local) return localSettings(env);
  return {
    ...(options.region && { region: options.region }),
    ...(options.profile && { profile: options.profile }),
  };
}
