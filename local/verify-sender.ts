/** The address that a local cloud sends from: verified there as one verifies one's own in Amazon SES. */
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import type { LocalCloud } from './state.ts';

export const LOCAL_SENDER = 'keys@keyturn.example';

/**
 * Repeated, it changes nothing.
 *
 * @param context of the deployment: an address of its own in `notifyFrom` takes the place of the local one
 */
export async function verifySender(
  { endpoint, region }: Pick<LocalCloud, 'endpoint' | 'region'>,
  context: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ses = new SESClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: context['notifyFrom'] ?? LOCAL_SENDER }));
}
