/** New keys as JWEs: ECDH-ES with the client's one-time key, then AES-256-GCM (RFC 7518 sections 4.6 and 5.3). */
import { CompactEncrypt, importJWK } from 'jose';
import { type AnswerKey, thumbprintOf } from '../../../rules/renewal-key.ts';
import type { AnswerEncrypter, RenewedKey } from '../../core/ports/renewal.ts';

const ALGORITHM = 'ECDH-ES';
const TYPE = 'keyturn-key+jwe';

export class JoseEncrypter implements AnswerEncrypter {
  async encrypt({ keyId, version, key }: RenewedKey, answerKey: AnswerKey): Promise<string> {
    const content = new TextEncoder().encode(JSON.stringify({ keyId, version, key: key.reveal() }));
    return new CompactEncrypt(content)
      .setProtectedHeader({ alg: ALGORITHM, enc: 'A256GCM', typ: TYPE, kid: thumbprintOf(answerKey) })
      .encrypt(await importJWK({ ...answerKey }, ALGORITHM));
  }
}
