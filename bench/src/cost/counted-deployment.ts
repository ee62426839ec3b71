/** A deployment on the local cloud in which everything that is billed is counted. */
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { DeliverySettings } from '../../../lambdas/functions/delivery.ts';
import { CountingProxy, type StartedExecution } from '../count/counting-proxy.ts';
import { credentials, REGION } from '../store/lambda-environment.ts';
import type { LocalStore } from '../store/local-store.ts';
import { add, type Counts, less, NO_COUNTS } from './counts.ts';
import { deploymentEnvironment } from './environment.ts';
import { Functions } from './functions.ts';
import { createMachine, emergencyMachine, pepperMachine, rotationMachine, STANDS_IN } from './machines.ts';
import { Player } from './player.ts';
import { streamedCalls } from './streamed.ts';
import { createToldPlaces } from './told-places.ts';
import { VirtualTime } from './virtual-time.ts';

interface Parts {
  readonly proxy: CountingProxy;
  readonly functions: Functions;
  readonly streams: boolean;
  readonly rotationMachineArn: string;
  readonly pepperMachineArn: string;
}

export interface Opening {
  /** How an execution of the rotation machine behaves on the local cloud. */
  readonly rotations: keyof typeof STANDS_IN;
  /** With the key that seals are made with. Default: to operators alone. */
  readonly deliveriesUnder?: (sealKeyId: string) => DeliverySettings;
  /** Of the receiver of webhooks. Default: there is none. */
  readonly authority?: string;
  /** Whether the table's stream is read. Default: it is. */
  readonly streams?: boolean;
}

export class CountedDeployment {
  readonly time: VirtualTime;
  readonly store: LocalStore;
  readonly #parts: Parts;
  readonly #rotationMachine = rotationMachine();
  readonly #emergencyMachine = emergencyMachine();
  readonly #pepperMachine = pepperMachine();
  readonly #player: Player;
  #excluded = NO_COUNTS;
  /** Of the executions started, those that were asked for. */
  #taken = 0;

  private constructor(store: LocalStore, time: VirtualTime, parts: Parts) {
    this.store = store;
    this.time = time;
    this.#parts = parts;
    this.#player = new Player(time, (name, event) => this.invoke(name, event));
  }

  /**
   * It lives as long as `work`.
   */
  static async open<T>(
    store: LocalStore,
    { rotations, deliveriesUnder, authority, streams = true }: Opening,
    work: (deployment: CountedDeployment) => Promise<T>,
  ): Promise<T> {
    const { endpoint } = store;
    const config = { endpoint, region: REGION, credentials };
    const { KeyMetadata } = await new KMSClient(config).send(new CreateKeyCommand({}));
    const eventBus = 'keyturn-bench';
    await new EventBridgeClient(config).send(new CreateEventBusCommand({ Name: eventBus }));
    const told = await createToldPlaces(endpoint, authority);
    const machineArn = await createMachine(endpoint, 'rotation', STANDS_IN[rotations]);
    const emergencyMachineArn = await createMachine(endpoint, 'emergency', STANDS_IN.waits);
    const pepperMachineArn = await createMachine(endpoint, 'pepper', STANDS_IN.waits);
    const proxy = await CountingProxy.start(endpoint);
    const time = new VirtualTime();
    try {
      const sealKeyId = KeyMetadata?.KeyId as string;
      const wiring = {
        endpoint: proxy.endpoint,
        sealKeyId,
        machineArn,
        emergencyMachineArn,
        pepperMachineArn,
        eventBus,
        told,
        deliveries: deliveriesUnder?.(sealKeyId),
      };
      const functions = await Functions.load(deploymentEnvironment(store, wiring));
      proxy.invoke = (name, event) => functions.invoke(name, event);
      const parts = { proxy, functions, streams, rotationMachineArn: machineArn, pepperMachineArn };
      return await work(new CountedDeployment(store, time, parts));
    } finally {
      time.end();
      await proxy.stop();
    }
  }

  /**
   * What the work was answered, and everything that it took, with whoever is told of it afterwards. Nothing may fail on
   * the way: a retry is no price.
   */
  async count<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly counts: Counts }> {
    await this.#tell();
    const before = this.#total();
    const result = await work();
    await this.#tell();
    const counts = less(this.#total(), before);
    if (counts.failed > 0) throw new Error(`${counts.failed} requests failed: ${JSON.stringify(counts)}`);
    return { result, counts };
  }

  /** Within something counted: what happens beside it is no part of it. */
  async #beside(work: () => Promise<void>): Promise<void> {
    const { counts } = await this.count(work);
    this.#excluded = add(this.#excluded, counts);
  }

  /** What the stream has to show, and what comes of showing it. */
  async #tell(): Promise<void> {
    const { proxy, functions, streams } = this.#parts;
    for (let writes = proxy.takeInserted(); writes.length > 0; writes = proxy.takeInserted()) {
      if (!streams) continue;
      for (const { functionName, event } of streamedCalls(writes)) {
        const { batchItemFailures } = (await functions.invoke(functionName, event)) as {
          readonly batchItemFailures: readonly unknown[];
        };
        if (batchItemFailures.length > 0)
          throw new Error(`${functionName} failed with ${JSON.stringify(event)}`);
      }
    }
  }

  /** The proxy, for what functions write of which no scenario calls one. */
  get endpoint(): string {
    return this.#parts.proxy.endpoint;
  }

  invoke(functionName: string, event: unknown): Promise<unknown> {
    return this.#parts.functions.invoke(functionName, event);
  }

  /** An operator's command. @throws when it is refused */
  async admin<T = Record<string, string>>(
    action: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<T> {
    const actor = { principal: 'arn:aws:iam::111122223333:user/ops', via: 'cli' };
    const answer = (await this.invoke('admin', { action, input, actor })) as
      | { readonly ok: true; readonly result: T }
      | { readonly ok: false; readonly error: { readonly message: string } };
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.result;
  }

  /** The execution that was started last. */
  get lastStarted(): StartedExecution {
    const started = this.#parts.proxy.started.at(-1);
    if (!started) throw new Error('No execution was started.');
    return started;
  }

  /** Rotations that were started since this was asked last. */
  takeStartedRotations(): readonly StartedExecution[] {
    const { proxy, rotationMachineArn } = this.#parts;
    const fresh = proxy.started.slice(this.#taken);
    this.#taken = proxy.started.length;
    return fresh.filter(({ machineArn }) => machineArn === rotationMachineArn);
  }

  /**
   * Plays an execution of the rotation machine, with its waits in virtual time.
   *
   * @param whileWaiting what happens in the world until the execution wakes
   */
  playRotation(
    started: StartedExecution,
    whileWaiting?: (untilMs: number) => Promise<void>,
    stopsInWait = false,
  ): Promise<void> {
    const beside = whileWaiting && ((untilMs: number) => this.#beside(() => whileWaiting(untilMs)));
    return this.#player.play(this.#rotationMachine, started, { stopsInWait, whileWaiting: beside });
  }

  /** Plays an execution of the machine of emergencies of many keys. */
  playEmergency(started: StartedExecution, whileWaiting: () => Promise<void>): Promise<void> {
    return this.#player.play(this.#emergencyMachine, started, {
      whileWaiting: () => this.#beside(whileWaiting),
    });
  }

  /** Plays an execution of the machine that rotates the pepper. */
  playPepper(started: StartedExecution): Promise<void> {
    return this.#player.play(this.#pepperMachine, started);
  }

  /** As the schedule starts it. */
  playPepperCleanUp(): Promise<void> {
    const input = { purpose: 'clean-up', initiatedBy: 'keyturn:schedule' };
    return this.playPepper({ machineArn: this.#parts.pepperMachineArn, name: 'clean-up', input });
  }

  #total(): Counts {
    const { proxy, functions } = this.#parts;
    const counted = {
      ...this.#player.counts,
      ...proxy.tally,
      invocations: functions.invocations,
      logBytes: functions.logBytes,
    };
    return less(counted, this.#excluded);
  }
}
