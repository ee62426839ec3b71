/** The stack of `npx cdk deploy`. In one process: loading the CDK and synthesizing take longer than all that is checked. */
import './app.checks.ts';
import './audit-trail.checks.ts';
import './bulk-emergency.checks.ts';
import './cost.checks.ts';
import './delivery-api.checks.ts';
import './functions.checks.ts';
import './key-store.checks.ts';
import './least-privilege.checks.ts';
import './notifications.checks.ts';
import './observability.checks.ts';
import './observer.checks.ts';
import './outbox.checks.ts';
import './pepper-rotation.checks.ts';
import './publishing.checks.ts';
import './rotation-workflow.checks.ts';
import './secret-rotation.checks.ts';
import './sweep.checks.ts';
