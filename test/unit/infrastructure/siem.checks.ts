/** What docs/siem.md shows to send events on. */
import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { CLASSES } from '../../../lambdas/adapters/ocsf/ocsf-classes.ts';
import { sendToFirehose } from '../../support/siem-example.ts';
import { bench, restApi } from '../../support/synth.ts';
import { only } from '../../support/template.ts';
import { codeBlocks } from '../docs/read-document.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the rule of docs/siem.md', () => {
  it('takes every class of events from the bus to the stream', () => {
    const { stack, keys, backend } = bench();
    keys.protectRestApi(restApi(stack, backend).api);
    sendToFirehose(keys);
    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::Events::Rule').properties).toMatchObject({
      EventBusName: { Ref: only(template, 'AWS::Events::EventBus').id },
      EventPattern: {
        source: ['keyturn'],
        'detail-type': expect.arrayContaining(Object.values(CLASSES).map(({ name }) => name)),
      },
      Targets: [
        { Arn: { 'Fn::GetAtt': [only(template, 'AWS::KinesisFirehose::DeliveryStream').id, 'Arn'] } },
      ],
    });
  });

  it('is what was tried, word for word', () => {
    const [shown = ''] = codeBlocks(read('docs/siem.md'), 'ts').filter((block) =>
      block.includes('new Rule('),
    );
    const tried = read('test/support/siem-example.ts').replaceAll('\n  ', '\n');
    for (const part of shown.trim().split('\n\n')) expect(tried).toContain(part.trim());
  });
});
