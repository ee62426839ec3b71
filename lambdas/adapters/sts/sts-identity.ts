/** Asks the Security Token Service whose signature a proof carries, by sending it as it was signed. */
import http from 'node:http';
import https from 'node:https';
import { stsHost } from '../../../rules/sts-host.ts';
import { type IdentityProof, PROOF_BODY } from '../../core/domain/identity-proof.ts';
import type { Clock } from '../../core/ports/ambient.ts';
import type { Identity, IdentityVerifier } from '../../core/ports/identity-verifier.ts';
import { faultOfProof } from './check-proof.ts';

export interface StsSettings {
  /** Of the function: no other Region's service is asked. */
  readonly region: string;
  /** Whose principals may act. */
  readonly account: string;
  /** Stands in for every service's own end point, as `AWS_ENDPOINT_URL` does for the SDKs: the local cloud. */
  readonly endpoint?: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

interface Answer {
  readonly statusCode: number;
  readonly text: string;
}

const LONGEST_ANSWER = 20_000;
/** Services of the query protocol say so with 400, which is no word about the proof. */
const THROTTLED = /<Code>(?:Throttling|ThrottlingException|RequestLimitExceeded)<\/Code>/;
const ARN = /<Arn>(arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):[\w+=,.@/:-]{1,2048})<\/Arn>/g;

export class StsIdentity implements IdentityVerifier {
  readonly #settings: StsSettings;

  constructor(settings: StsSettings) {
    this.#settings = settings;
  }

  async verify(proof: IdentityProof, digest: string): Promise<Identity> {
    const { region, clock } = this.#settings;
    const fault = faultOfProof(proof, { region, digest, nowMs: clock() });
    if (fault) return { outcome: 'refused', why: `The proof of who sends it is refused: ${fault}.` };
    try {
      return this.#judge(await this.#send(proof));
    } catch (error) {
      return {
        outcome: 'unknown',
        why: `STS could not be asked (${(error as NodeJS.ErrnoException).code ?? 'error'}).`,
      };
    }
  }

  #judge({ statusCode, text }: Answer): Identity {
    if (statusCode >= 500 || statusCode === 429 || THROTTLED.test(text))
      return { outcome: 'unknown', why: `STS answered with ${statusCode}.` };
    if (statusCode !== 200)
      return { outcome: 'refused', why: `STS refuses the proof of who sends it (${statusCode}).` };
    const [found, ...others] = text.matchAll(ARN);
    if (!found || others.length > 0) return { outcome: 'unknown', why: 'STS did not name one principal.' };
    const [, arn = '', account] = found;
    return account === this.#settings.account
      ? { outcome: 'proven', arn }
      : { outcome: 'refused', why: `The sender is of account ${account}, not of the deployment's own.` };
  }

  #send({ headers }: IdentityProof): Promise<Answer> {
    const { region, endpoint, timeoutMs } = this.#settings;
    const url = new URL(endpoint ?? `https://${stsHost(region)}`);
    const transport = url.protocol === 'http:' ? http : https;
    return new Promise((resolve, reject) => {
      const giveUp = (code: string) => {
        reject(Object.assign(new Error('STS gave no answer that is one.'), { code }));
        request.destroy();
      };
      const request = transport.request(
        { method: 'POST', path: '/', hostname: url.hostname, port: url.port || undefined, headers },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
            if (text.length > LONGEST_ANSWER) giveUp('ETOOLONG');
          });
          response.on('error', reject);
          response.on('end', () => resolve({ statusCode: response.statusCode ?? 0, text }));
        },
      );
      const timer = setTimeout(() => giveUp('ETIMEDOUT'), timeoutMs);
      request.on('close', () => clearTimeout(timer));
      request.on('error', reject);
      request.end(PROOF_BODY);
    });
  }
}
