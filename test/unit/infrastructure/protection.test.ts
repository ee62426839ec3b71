/** APIs behind the authorizer. In one process: loading the CDK takes longer than all that is checked. */
import './cached-answers.checks.ts';
import './configuration.checks.ts';
import './http-api.checks.ts';
import './rest-api.checks.ts';
import './several-apis.checks.ts';
import './vault-delivery.checks.ts';
import './webhooks.checks.ts';
