/**
 * Challenges: made without a write, since anybody may ask for one, and told apart from forged ones by a MAC. A challenge is
 * good for one key, one address, two minutes, and one answer.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock, RandomBytes } from '../ports/ambient.ts';

export interface ChallengeDeps {
  /** Of 32 bytes or more, the same for every environment of the function. */
  readonly challengeSecret: () => Promise<Uint8Array>;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** What a challenge is for. */
export interface ChallengeAbout {
  readonly keyId: string;
  /** The address that the proof is sent to. */
  readonly audience: string;
}

export interface OpenedChallenge {
  readonly nonce: string;
  /** When no environment takes it any more. */
  readonly expiresAtMs: number;
}

export const CHALLENGE_LIFETIME_SECONDS = 120;
/** By which the clocks of two environments may differ. The client's clock is never asked. */
export const CLOCK_TOLERANCE_SECONDS = 5;

const TYPE = 'keyturn-challenge+jwt';
const ALGORITHM = 'HS256';
const NONCE_BYTES = 16;

export async function makeChallenge(deps: ChallengeDeps, about: ChallengeAbout): Promise<string> {
  const nowSeconds = Math.floor(deps.clock() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
    .setSubject(about.keyId)
    .setAudience(about.audience)
    .setJti(Buffer.from(deps.randomBytes(NONCE_BYTES)).toString('base64url'))
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + CHALLENGE_LIFETIME_SECONDS)
    .sign(await deps.challengeSecret());
}

/** @returns undefined when it is not one of ours, is for something else, or has expired */
export async function openChallenge(
  deps: ChallengeDeps,
  challenge: string,
  about: ChallengeAbout,
): Promise<OpenedChallenge | undefined> {
  const secret = await deps.challengeSecret();
  try {
    const { payload } = await jwtVerify(challenge, secret, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      subject: about.keyId,
      audience: about.audience,
      requiredClaims: ['jti', 'exp', 'iat'],
      // Checks too that it was not made in the future.
      maxTokenAge: CHALLENGE_LIFETIME_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(deps.clock()),
    });
    const { jti, exp } = payload as { readonly jti: string; readonly exp: number };
    return { nonce: jti, expiresAtMs: (exp + CLOCK_TOLERANCE_SECONDS) * 1000 };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
