/** The admin function as the CLI calls it: one action, its answer, or a `CliError`. */
import { randomUUID } from 'node:crypto';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type IdentityProof, requestDigest } from '../lambdas/core/domain/identity-proof.ts';
import type {
  ActorClaim,
  AdminError,
  AdminRequest,
  AdminResponse,
  AdminResults,
} from '../lambdas/functions/admin/contract.ts';
import { changesNothing } from '../rules/read-only-actions.ts';
import { CliError, exitCodeOf } from './exit.ts';

export type AdminAction = keyof AdminResults;

/** What an action takes; several actions may share one shape of the contract. */
export type AdminInput<Action extends AdminAction> = InputOf<AdminRequest, Action>;
type InputOf<Request extends AdminRequest, Action> = Request extends AdminRequest
  ? Action extends Request['action']
    ? Request['input']
    : never
  : never;

export interface AdminClient {
  /** @throws CliError with the exit code that fits the refusal */
  call<Action extends AdminAction>(action: Action, input: AdminInput<Action>): Promise<AdminResults[Action]>;
}

/** What a refusal of the admin function looks like to the operator. */
export function adminRefusal(error: AdminError): CliError {
  return new CliError(error.code, error.message, error.hint, {
    exitCode: exitCodeOf(error.code),
    ...(error.rotation && { rotation: error.rotation }),
  });
}

/** What must not be done twice when an answer is lost on the way: a second key, a second mail, or the one claim there is. */
const ONCE: readonly AdminAction[] = [
  'issue',
  'claim',
  'deliver',
  'add-webhook',
  'rotate-webhook-secret',
  'test-webhook',
];

/**
 * @param lambda sends what may be sent again when no answer comes
 * @param once sends the rest: a client that does not retry
 * @param functionName name or ARN, from the stack's outputs
 * @param actor who asks; looked up once, when the first action is sent
 * @param prove signs who sends a request, by its digest
 */
export function lambdaAdminClient(
  lambda: LambdaClient,
  once: LambdaClient,
  functionName: string,
  actor: () => Promise<ActorClaim>,
  prove: (digest: string) => Promise<IdentityProof>,
): AdminClient {
  const proven = async (request: { readonly actor: ActorClaim }) => {
    const proof = await prove(requestDigest(functionName, request));
    return { ...request, actor: { ...request.actor, proof } };
  };
  return {
    async call(action, input) {
      const asked = { action, input, actor: await actor(), ...idFor(action) };
      const request = changesNothing(action) ? asked : await proven(asked);
      const answer = await (ONCE.includes(action) ? once : lambda).send(
        new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(request)) }),
      );
      // The payload stays out of every message: an answer may hold a key.
      const response = answer.FunctionError ? undefined : parseResponse(answer.Payload);
      if (!response) throw functionFailed(functionName, action, answer.FunctionError);
      if (!response.ok) throw adminRefusal(response.error);
      return response.result as AdminResults[typeof action];
    },
  };
}

/** Sent again, a rotation or an emergency of the same id is the same one. */
function idFor(action: AdminAction): {
  readonly rotationId?: string;
  readonly runId?: string;
  readonly executionId?: string;
} {
  if (action === 'rotate') return { rotationId: randomUUID() };
  if (action === 'rotate-pepper' || action === 'clean-pepper') return { executionId: randomUUID() };
  return action === 'start-emergency' ? { runId: randomUUID() } : {};
}

function parseResponse(payload: Uint8Array | undefined): AdminResponse | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload ?? []).toString('utf8'));
    return typeof value === 'object' && value !== null && 'ok' in value
      ? (value as AdminResponse)
      : undefined;
  } catch {
    return undefined;
  }
}

const functionFailed = (name: string, action: string, kind: string | undefined): CliError =>
  new CliError(
    'internal',
    `The admin function ${name} did not carry out '${action}' (${kind ?? 'an answer that is not understood'}).`,
    'Its log group in CloudWatch Logs says why. If this command is newer than the deployment, deploy again.',
  );
