/** One event more to a webhook: from its notice on, beside what tells of the event anyway. */
import type { Certificate } from '../../../../test/support/certificates.ts';
import { HttpsReceiver } from '../../../../test/support/https-receiver.ts';
import type { CountedDeployment } from '../counted-deployment.ts';
import { type Counts, less } from '../counts.ts';
import { Client } from './client.ts';

export async function webhooks(deployment: CountedDeployment, certificate: Certificate): Promise<Counts> {
  const receiver = await HttpsReceiver.start(certificate);
  try {
    // The pepper is read by the first of several, and remembered.
    await (await Client.issue(deployment)).retire();
    const { result: untold, counts: issue } = await deployment.count(() => Client.issue(deployment));
    const { webhookId } = await deployment.admin('add-webhook', {
      url: `https://127.0.0.1:${receiver.port}/keyturn`,
      events: ['key.issued'],
    });
    const { result: client, counts } = await deployment.count(() => Client.issue(deployment));
    if (receiver.received.length !== 1) {
      throw new Error(`The receiver was called ${receiver.received.length} times, not once.`);
    }
    await deployment.admin('remove-webhook', { webhookId });
    await untold.retire();
    await client.retire();
    return less(counts, issue);
  } finally {
    await receiver.stop();
  }
}
