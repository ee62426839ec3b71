/** The deployed functions' own handlers in this process: their invocations and the lines they log are counted. */
import { plusEach } from '../count/tally.ts';
import { CapturedLines } from './captured-lines.ts';

type Handler = (event: never, context: never) => Promise<unknown>;

const TIMEOUT_MS = 600_000;
const CONTEXT = {
  awsRequestId: '9e2d1c5a-5e4b-4c7d-8a7b-2f6f0d8f7a11',
  getRemainingTimeInMillis: () => TIMEOUT_MS,
};

export class Functions {
  readonly #handlers: Readonly<Record<string, Handler>>;
  invocations: Readonly<Record<string, number>> = {};
  readonly #lines = new CapturedLines();

  private constructor(handlers: Readonly<Record<string, Handler>>) {
    this.#handlers = handlers;
  }

  /** @param env holds for this process from here on: the functions read it as they load */
  static async load(env: NodeJS.ProcessEnv): Promise<Functions> {
    Object.assign(process.env, env);
    const modules = {
      authorizer: await import('../../../lambdas/functions/authorizer/handler.ts'),
      rotation: await import('../../../lambdas/functions/rotation/handler.ts'),
      admin: await import('../../../lambdas/functions/admin/handler.ts'),
      'bulk-emergency': await import('../../../lambdas/functions/bulk-emergency/handler.ts'),
      observe: await import('../../../lambdas/functions/observe/handler.ts'),
      pepper: await import('../../../lambdas/functions/pepper/handler.ts'),
      sweep: await import('../../../lambdas/functions/sweep/handler.ts'),
      publish: await import('../../../lambdas/functions/publish/handler.ts'),
      notify: await import('../../../lambdas/functions/notify/handler.ts'),
      watch: await import('../../../lambdas/functions/watch/handler.ts'),
      digest: await import('../../../lambdas/functions/digest/handler.ts'),
      'mail-events': await import('../../../lambdas/functions/mail-events/handler.ts'),
    };
    // The authorizer's environment waits for its end; this process ends by itself.
    process.removeAllListeners('SIGTERM');
    return new Functions(
      Object.fromEntries(
        Object.entries(modules).map(([name, { handler }]) => [name, handler as unknown as Handler]),
      ),
    );
  }

  /** Of the lines that they have logged. */
  get logBytes(): number {
    return this.#lines.bytes;
  }

  /** @throws what the function throws */
  async invoke(name: string, event: unknown): Promise<unknown> {
    const handler = this.#handlers[name];
    if (!handler) throw new Error(`There is no function '${name}'.`);
    this.invocations = plusEach(this.invocations, { [name]: 1 });
    return this.#lines.during(() => handler(event as never, CONTEXT as never));
  }
}
