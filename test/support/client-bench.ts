/** A client that holds a key, in front of a whole deployment in memory. */
import {
  createKeyHolder,
  type KeyHolder,
  type KeyHolderEvent,
  type KeyHolderOptions,
} from '../../client/src/key-holder.ts';
import { type HeldKeys, type KeyStore, memoryStore } from '../../client/src/key-store.ts';
import { newSigningKey, type SigningKey } from '../../client/src/signing-key.ts';
import { parseRenewalKey } from '../../rules/renewal-key.ts';
import { Execution, type RotationRequest } from './machine.ts';
import { ManualAmbient } from './manual-ambient.ts';
import { API_URL, RENEWAL_URL, RenewalGateway } from './renewal-gateway.ts';
import { RenewalWorld } from './renewal-world.ts';

export class ClientBench {
  readonly world = new RenewalWorld();
  readonly gateway = new RenewalGateway(this.world);
  readonly ambient = new ManualAmbient(this.world.clock);
  readonly events: KeyHolderEvent[] = [];
  readonly signingKey: SigningKey;
  readonly store: KeyStore;
  readonly keyId: string;
  /** Version 1. */
  readonly key: string;
  readonly #options: Partial<KeyHolderOptions>;

  private constructor(
    signingKey: SigningKey,
    issued: { readonly keyId: string; readonly key: string },
    world: RenewalWorld,
    { keys, ...options }: BenchOptions,
  ) {
    this.world = world;
    this.gateway = new RenewalGateway(world);
    this.ambient = new ManualAmbient(world.clock);
    this.signingKey = signingKey;
    this.keyId = issued.keyId;
    this.key = issued.key;
    this.store =
      options.store ?? memoryStore(keys === undefined ? { current: issued.key } : (keys ?? undefined));
    this.#options = options;
  }

  /** Its public key is registered, and it has version 1 unless it says otherwise. */
  static async start(options: BenchOptions = {}): Promise<ClientBench> {
    const world = new RenewalWorld();
    const signingKey = await newSigningKey();
    const publicKey = parseRenewalKey(signingKey.publicJwk);
    if (!publicKey.ok) throw new Error(publicKey.message);
    const { thumbprint } = signingKey;
    const destination = { kind: 'renewal', publicKey: publicKey.value, thumbprint } as const;
    const issued = await world.issue(options.unregistered ? {} : { delivery: 'renewal-key', destination });
    return new ClientBench(signingKey, issued, world, options);
  }

  /** One more instance of the same client. */
  holder(options: Partial<KeyHolderOptions> = {}): KeyHolder {
    const holder = createKeyHolder({
      keyId: this.keyId,
      renewalUrl: RENEWAL_URL,
      apis: [API_URL],
      signingKey: this.signingKey,
      store: this.store,
      fetch: this.gateway.fetch,
      ambient: this.ambient,
      onEvent: (event) => this.events.push(event),
      ...this.#options,
      ...options,
    });
    this.ambient.settle = () => holder.renew();
    return holder;
  }

  /** Rotates until both versions are accepted. */
  async rotate(request: RotationRequest = {}, rotationId = 'r-1'): Promise<Execution> {
    const execution = new Execution(this.world, this.keyId, rotationId, request);
    await execution.toDualKey();
    return execution;
  }

  /** Calls that were let in, by the last characters of the key that they came with. */
  keysUsed(): readonly (string | undefined)[] {
    return this.gateway.calls.map(({ authorization }) => authorization?.replace('Bearer ', ''));
  }
}

export interface BenchOptions extends Partial<KeyHolderOptions> {
  /** `null`: nothing is in the store. */
  readonly keys?: HeldKeys | null;
  readonly unregistered?: boolean;
}
