/** A deployment on the local cloud in which everything that is billed is counted. */
import { readFileSync } from 'node:fs';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import { CountingProxy, type StartedExecution } from '../count/counting-proxy.ts';
import { credentials, REGION } from '../store/lambda-environment.ts';
import type { LocalStore } from '../store/local-store.ts';
import { add, type Counts, less, NO_COUNTS } from './counts.ts';
import { deploymentEnvironment } from './environment.ts';
import { Functions } from './functions.ts';
import { type Played, play, playable } from './play-machine.ts';
import { VirtualTime } from './virtual-time.ts';

const ROTATION_FILE = new URL('../../../state-machines/rotation.asl.json', import.meta.url);

/** Stands on the local cloud in the rotation machine's place: executions are started and stopped there, and played here. */
const WAITS = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 31_536_000, End: true } } };

export class CountedDeployment {
  readonly time: VirtualTime;
  readonly store: LocalStore;
  readonly #functions: Functions;
  readonly #proxy: CountingProxy;
  readonly #machineArn: string;
  readonly #rotationMachine = playable(rotationDefinition());
  #played = NO_COUNTS;
  #excluded = NO_COUNTS;

  private constructor(
    store: LocalStore,
    time: VirtualTime,
    proxy: CountingProxy,
    functions: Functions,
    machineArn: string,
  ) {
    this.store = store;
    this.time = time;
    this.#proxy = proxy;
    this.#functions = functions;
    this.#machineArn = machineArn;
  }

  /** It lives as long as `work`. */
  static async open<T>(store: LocalStore, work: (deployment: CountedDeployment) => Promise<T>): Promise<T> {
    const config = { endpoint: store.endpoint, region: REGION, credentials };
    const { KeyMetadata } = await new KMSClient(config).send(new CreateKeyCommand({}));
    const { stateMachineArn } = await new SFNClient(config).send(
      new CreateStateMachineCommand({
        name: 'keyturn-bench',
        roleArn: 'arn:aws:iam::000000000000:role/bench',
        definition: JSON.stringify(WAITS),
      }),
    );
    const eventBus = 'keyturn-bench';
    await new EventBridgeClient(config).send(new CreateEventBusCommand({ Name: eventBus }));
    const proxy = await CountingProxy.start(store.endpoint);
    const time = new VirtualTime();
    try {
      const machineArn = stateMachineArn as string;
      const wiring = {
        endpoint: proxy.endpoint,
        sealKeyId: KeyMetadata?.KeyId as string,
        machineArn,
        eventBus,
      };
      const functions = await Functions.load(deploymentEnvironment(store, wiring));
      proxy.invoke = (name, event) => functions.invoke(name, event);
      return await work(new CountedDeployment(store, time, proxy, functions, machineArn));
    } finally {
      time.end();
      await proxy.stop();
    }
  }

  /** What the work was answered, and everything that it took. Nothing may fail on the way: a retry is no price. */
  async count<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly counts: Counts }> {
    const before = this.#total();
    const result = await work();
    const counts = less(this.#total(), before);
    if (counts.failed > 0) throw new Error(`${counts.failed} requests failed: ${JSON.stringify(counts)}`);
    return { result, counts };
  }

  /** Within something counted: what happens beside it. */
  async uncounted<T>(work: () => Promise<T>): Promise<T> {
    const { result, counts } = await this.count(work);
    this.#excluded = add(this.#excluded, counts);
    return result;
  }

  invoke(functionName: string, event: unknown): Promise<unknown> {
    return this.#functions.invoke(functionName, event);
  }

  /** An operator's command. @throws when it is refused */
  async admin(action: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, string>> {
    const actor = { principal: 'arn:aws:iam::111122223333:user/ops', via: 'cli' };
    const answer = (await this.invoke('admin', { action, input, actor })) as
      | { readonly ok: true; readonly result: Record<string, string> }
      | { readonly ok: false; readonly error: { readonly message: string } };
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.result;
  }

  /** The execution that was started last. */
  get lastStarted(): StartedExecution {
    const started = this.#proxy.started.at(-1);
    if (!started) throw new Error('No execution was started.');
    return started;
  }

  /**
   * Plays an execution of the rotation machine, with its waits in virtual time.
   *
   * @param whileWaiting what happens in the world until the execution wakes
   */
  async playRotation(
    { name, input }: StartedExecution,
    whileWaiting: (untilMs: number) => Promise<void> = async () => undefined,
    stopsInWait = false,
  ): Promise<Played> {
    let wakesAtMs: number | undefined;
    const played = await play(this.#rotationMachine, {
      name,
      arn: `${this.#machineArn.replace(':stateMachine:', ':execution:')}:${name}`,
      input,
      startedAtMs: this.time.nowMs,
      stopsInWait,
      invoke: async (functionName, event) => {
        if (wakesAtMs !== undefined) {
          await this.uncounted(() => whileWaiting(wakesAtMs as number));
          this.time.moveTo(wakesAtMs);
        }
        const answer = (await this.invoke(functionName, event)) as { next?: string; waitUntil?: string };
        wakesAtMs = answer.next === 'wait' ? Date.parse(answer.waitUntil as string) : undefined;
        return { ...answer };
      },
    });
    this.#played = add(this.#played, {
      ...NO_COUNTS,
      executions: 1,
      transitions: played.visited.length,
      historyEvents: played.historyEvents,
    });
    return played;
  }

  #total(): Counts {
    const counted = {
      ...this.#played,
      ...this.#proxy.tally,
      invocations: this.#functions.invocations,
      logBytes: this.#functions.logBytes,
    };
    return less(counted, this.#excluded);
  }
}

function rotationDefinition(): StateMachineDefinition {
  const placeholder = (name: string) => `\${${name}}`;
  return JSON.parse(
    readFileSync(ROTATION_FILE, 'utf8')
      .replaceAll(placeholder('LambdaInvoke'), 'arn:aws:states:::lambda:invoke')
      .replaceAll(placeholder('RotationFunctionArn'), 'rotation'),
  );
}
