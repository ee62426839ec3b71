/** Scene 1: whoever has no key, or none that is one, is refused. */
import { randomBytes } from 'node:crypto';
import { newKeyId, newKeyText } from '../../../lambdas/core/domain/key-format.ts';
import { Plaintext } from '../../../lambdas/core/domain/plaintext.ts';
import { DEFAULT_PREFIX } from '../../../rules/key-prefix.ts';
import type { DrillContext, Endpoint } from '../drill-context.ts';
import { type DrillKey, INVENTED } from '../drill-key.ts';
import { rawCall } from '../raw-call.ts';
import { expectThat } from '../story.ts';

export async function refusals(drill: DrillContext): Promise<void> {
  for (const endpoint of drill.endpoints) {
    await withoutKey(drill, endpoint);
    await refused(drill, endpoint, 'a malformed key', pretended('mk_live_not-a-key'));
    await refused(
      drill,
      endpoint,
      'a well-formed key that nobody issued',
      inventedKey(DEFAULT_PREFIX, newKeyId(randomBytes)),
    );
  }
}

async function withoutKey(drill: DrillContext, endpoint: Endpoint): Promise<void> {
  const isRest = endpoint.api === 'REST API';
  const expected = isRest
    ? '401 with WWW-Authenticate: Bearer realm="…"'
    : '401 (an HTTP API cannot add WWW-Authenticate)';
  await drill.story.check(`${endpoint.api}, no key`, expected, async () => {
    const response = await rawCall(drill, endpoint, undefined);
    const challenge = response.headers.get('www-authenticate');
    const came = `${response.status}, ${challenge ? `WWW-Authenticate: ${challenge}` : 'no WWW-Authenticate'}`;
    expectThat(response.status === 401, came);
    expectThat(!isRest || /^Bearer realm="[^"]+"/.test(challenge ?? ''), came);
    return came;
  });
}

/** One key that must not be let in. */
export async function refused(
  drill: DrillContext,
  endpoint: Endpoint,
  what: string,
  key: DrillKey,
): Promise<void> {
  await drill.story.check(`${endpoint.api}, ${what}`, '401', async () => {
    const { status } = await rawCall(drill, endpoint, key);
    expectThat(status === 401, String(status));
    return String(status);
  });
}

/** A key of the right shape, with a right checksum, whose secret nobody was ever given. */
export const inventedKey = (prefix: string, keyId: string): DrillKey =>
  pretended(newKeyText({ prefix, environment: 'live', keyId }, randomBytes));

const pretended = (text: string): DrillKey => ({
  keyId: 'none',
  version: INVENTED,
  secret: new Plaintext(text),
});
