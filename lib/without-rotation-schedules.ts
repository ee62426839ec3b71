/** For clouds whose CloudFormation does not know the schedules by which Secrets Manager rotates. */
import { type IAspect, Validations } from 'aws-cdk-lib';
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';

/** Leaves them out of the template, with the rule that asks for them. */
export class WithoutRotationSchedules implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof CfnRotationSchedule) node.node.scope?.node.tryRemoveChild(node.node.id);
    if (node instanceof Secret) {
      Validations.of(node).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason: 'This template is for a cloud that rotates nothing by itself.',
      });
    }
  }
}
