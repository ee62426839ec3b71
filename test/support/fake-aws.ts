/** AWS on loopback, as far as a test says what it answers: services that speak the JSON protocol. */
import { LoopbackService } from './loopback-service.ts';

export interface FakeCall {
  /** Such as `DynamoDB_20120810.GetItem`. */
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** @returns the answer, or a `Fault` */
export type FakeOperation = (body: FakeCall['body']) => object;

/** An answer that is no success, by the service's own name for it. */
export class Fault {
  readonly statusCode: number;
  readonly type: string;
  /** What else the answer says. */
  readonly more: object;

  constructor(statusCode: number, type: string, more: object = {}) {
    this.statusCode = statusCode;
    this.type = type;
    this.more = more;
  }
}

export class FakeAws extends LoopbackService {
  readonly calls: FakeCall[] = [];
  readonly operations: Record<string, FakeOperation> = {};

  private constructor() {
    super((request, body, response) => {
      // Invoking a function is the one call here that is REST.
      const target = String(request.headers['x-amz-target'] ?? `Lambda${request.url?.replace(/.*\//, '.')}`);
      const answer = this.#answer({ target, body: JSON.parse(body) });
      const failed = answer instanceof Fault;
      response.writeHead(failed ? answer.statusCode : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify(
          failed ? { __type: answer.type, message: 'As the test says.', ...answer.more } : answer,
        ),
      );
    });
  }

  static start(): Promise<FakeAws> {
    return new FakeAws().listening();
  }

  /** Bodies of the calls of one operation. */
  bodiesOf(operation: string): FakeCall['body'][] {
    return this.calls.filter(({ target }) => target.endsWith(`.${operation}`)).map(({ body }) => body);
  }

  #answer(call: FakeCall): object {
    this.calls.push(call);
    const operation = this.operations[call.target.slice(call.target.indexOf('.') + 1)];
    return operation ? operation(call.body) : new Fault(400, 'UnknownOperationException');
  }
}

/** What every function finds in its environment on this fake. */
export const environmentFor = ({ endpoint }: FakeAws): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_SESSION_TOKEN: 'not-a-token',
});
