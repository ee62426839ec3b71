/** Security alerts by Amazon SNS. */
import { PublishCommand, type SNSClient, SNSServiceException } from '@aws-sdk/client-sns';
import type { AlertFacts } from '../../core/domain/alert.ts';
import type { AlertNotice } from '../../core/domain/notice.ts';
import type { NoticeSender, SendOutcome } from '../../core/ports/notices.ts';
import { messageOf, subjectOf } from './alert-message.ts';

/** Until somebody changes the topic, its key or the role. */
const STANDING = new Set([
  'AuthorizationErrorException',
  'EndpointDisabledException',
  'InvalidParameterException',
  'InvalidParameterValueException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'NotFoundException',
]);

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

export class SnsAlertSender implements NoticeSender<AlertNotice> {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async send({ facts }: AlertNotice): Promise<SendOutcome> {
    const alert = facts as unknown as AlertFacts;
    try {
      const { MessageId } = await this.#client.send(
        new PublishCommand({
          TopicArn: this.#topicArn,
          Subject: subjectOf(alert),
          MessageStructure: 'json',
          Message: messageOf(alert),
          // What subscriptions filter by.
          MessageAttributes: { severity: text(alert.severity), kind: text(alert.kind) },
        }),
      );
      return { outcome: 'sent', ...(MessageId === undefined ? {} : { receipt: MessageId }) };
    } catch (error) {
      if (!(error instanceof SNSServiceException)) throw error;
      const why = `SNS answered ${error.name}.`;
      return STANDING.has(error.name) ? { outcome: 'refused', why } : { outcome: 'later', why };
    }
  }
}
