/** Addresses that mail does not reach, as people read them. */
import type { MailBlockView } from '../../lambdas/functions/admin/mail-contract.ts';
import type { Paint } from './paint.ts';
import { moment } from './time.ts';

export function mailBlockLines(
  mail: readonly MailBlockView[],
  paint: Paint,
  nowMs: number,
): readonly string[] {
  return mail.map(({ address, state, since, why, until }) => {
    const what = state === 'bounced' ? 'bounced' : 'unwanted';
    const again = until === null ? '' : ` It is tried again from ${moment(until, nowMs)} on.`;
    return [
      paint.bad(`Mail to ${address}: ${what} since ${moment(since, nowMs)}. ${why}`),
      paint.dim(
        `Only what is urgent is still sent there.${again} Mended: keyturn notices unblock ${address} --reason …`,
      ),
    ].join('\n');
  });
}
