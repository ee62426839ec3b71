/** The rule of docs/siem.md, word for word: a test holds the two together. */
import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { FirehoseDeliveryStream } from 'aws-cdk-lib/aws-events-targets';
import { DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ApiKeyLifecycle } from '../../lib/api-key-lifecycle.ts';

export function sendToFirehose(keys: ApiKeyLifecycle): void {
  const stack = Stack.of(keys);
  const bucket = Bucket.fromBucketName(stack, 'SiemBucket', 'acme-siem');
  const stream = new DeliveryStream(stack, 'Siem', { destination: new S3Bucket(bucket) });
  new Rule(stack, 'ToSiem', {
    eventBus: keys.eventBus,
    eventPattern: {
      source: ['keyturn'],
      detailType: ['Entity Management', 'Authentication', 'Detection Finding'],
    },
    targets: [new FirehoseDeliveryStream(stream)],
  });
}
