/** The stack outputs by which tools find a deployment: their names are an interface. */
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Plain names whatever the construct's path: `keyturn --stack <name>` reads them. */
export function addOutputs(scope: Construct, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    new CfnOutput(scope, `Output${name}`, { value }).overrideLogicalId(name);
  }
}
