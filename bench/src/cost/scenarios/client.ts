/** A key and the client that uses it, once a minute, through the real authorizer. */
import { MINUTE_MS } from '../../../../rules/time-units.ts';
import { restEvent } from '../../store/rest-event.ts';
import type { CountedDeployment } from '../counted-deployment.ts';

export class Client {
  readonly keyId: string;
  readonly #deployment: CountedDeployment;
  /** The version that it presents. */
  key: string;

  private constructor(deployment: CountedDeployment, keyId: string, key: string) {
    this.#deployment = deployment;
    this.keyId = keyId;
    this.key = key;
  }

  static async issue(deployment: CountedDeployment, policy = 'standard'): Promise<Client> {
    const { keyId, key } = await deployment.admin('issue', {
      owner: 'team@example.com',
      name: 'Search agent',
      environment: 'live',
      scopes: ['tools:*'],
      policy,
    });
    return new Client(deployment, keyId as string, key as string);
  }

  /** One request. @throws when it is refused */
  async call(): Promise<void> {
    await this.#deployment.invoke('authorizer', restEvent(this.key));
  }

  /** Once a minute from now on. @param before what it does before each call, by the time that it is then */
  async callEachMinute(untilMs: number, before: (nowMs: number) => void = () => undefined): Promise<void> {
    const { time } = this.#deployment;
    for (let atMs = time.nowMs + MINUTE_MS; atMs < untilMs; atMs += MINUTE_MS) {
      time.moveTo(atMs);
      before(atMs);
      await this.call();
    }
  }

  async claim(): Promise<string> {
    return (await this.#deployment.admin('claim', { keyId: this.keyId }))['key'] as string;
  }

  /** It is never due again. */
  async retire(): Promise<void> {
    await this.#deployment.admin('revoke', { keyId: this.keyId, reason: 'The scenario is over' });
  }
}
