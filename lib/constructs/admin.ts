/** The admin function: all that operators may do without holding the table or a key to it. */
import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { AdminEnv } from '../../lambdas/functions/admin/env.ts';
import type { WebhookSettings } from '../../lambdas/functions/webhooks.ts';
import type { AuditTrail } from './audit-trail.ts';
import type { BulkEmergency } from './bulk-emergency.ts';
import {
  allowLookingAfterExecutions,
  allowLookingAtExecutions,
  type KeyManagement,
  managementEnvironment,
} from './key-managing-function.ts';
import { NodeFunction } from './node-function.ts';
import type { PepperRotation } from './pepper-rotation.ts';

export interface AdminProps extends KeyManagement {
  readonly machine: StateMachine;
  readonly machineName: string;
  readonly bulkEmergency: BulkEmergency;
  readonly pepperRotation: PepperRotation;
  readonly auditTrail: AuditTrail;
  /** Milliseconds; told when the template is written. */
  readonly revocationBoundMs: string;
  readonly startsPerSecond: number;
  readonly webhooks: WebhookSettings;
  /** Name of the function that tells of events; told when the template is written. */
  readonly publishFunction: string;
  readonly logRetention: RetentionDays;
}

export class Admin extends Construct {
  readonly fn: NodeFunction<AdminEnv>;

  constructor(scope: Construct, id: string, props: AdminProps) {
    super(scope, id);
    this.fn = new NodeFunction<AdminEnv>(this, 'Fn', {
      entry: 'lambdas/functions/admin/handler.ts',
      description: "Keyturn: operators' commands",
      memoryMegabytes: 512,
      timeout: Duration.seconds(30),
      logRetention: props.logRetention,
      environment: {
        ...managementEnvironment(this, props),
        ROTATION_MACHINE_ARN: props.machine.stateMachineArn,
        BULK_EMERGENCY_MACHINE_ARN: props.bulkEmergency.machine.stateMachineArn,
        PEPPER_MACHINE_ARN: props.pepperRotation.machine.stateMachineArn,
        REVOCATION_BOUND_MS: props.revocationBoundMs,
        AUDIT_BUCKET: props.auditTrail.bucket.bucketName,
        AUDIT_KEY_ID: props.auditTrail.signingKey.keyArn,
        STARTS_PER_SECOND: String(props.startsPerSecond),
        WEBHOOKS: JSON.stringify(props.webhooks),
        PUBLISH_FUNCTION: props.publishFunction,
      },
    });
    props.store.grantManaging(this.fn);
    props.store.grantSealing(this.fn);
    props.auditTrail.grantReading(this.fn);
    props.store.telling.grantSealingWebhooks(this.fn);
    props.machine.grantStartExecution(this.fn.function);
    allowLookingAfterExecutions(this.fn, props.machineName);
    props.bulkEmergency.machine.grantStartExecution(this.fn.function);
    allowLookingAtExecutions(this.fn, props.bulkEmergency.machineName);
    props.pepperRotation.machine.grantStartExecution(this.fn.function);
    allowLookingAtExecutions(this.fn, props.pepperRotation.machineName);
  }
}
