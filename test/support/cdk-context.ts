/** What the CDK's command line tells the application. */
import { readFileSync } from 'node:fs';

export const { context: CDK_CONTEXT } = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
) as { readonly context: Readonly<Record<string, unknown>> };
