/** The function that observes rotations, as it is deployed: each minute, about a minute that is over. */
import { describe, expect, it } from 'vitest';
import { deployedTemplate, keyturnTemplate } from '../../support/synth.ts';
import { environmentOf, only } from '../../support/template.ts';

const template = deployedTemplate();

describe('the observer', () => {
  it('is called each minute, and told for when', () => {
    expect(only(template, 'AWS::Scheduler::Schedule', 'KeysObserver').properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [only(template, 'AWS::Lambda::Function', 'KeysObserver').id, 'Arn'] },
        Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
      },
    });
  });

  it('knows the table, its bus and how late counts are, and nothing else', () => {
    expect(environmentOf(template, 'KeysObserver')).toEqual({
      TABLE_NAME: { Ref: only(template, 'AWS::DynamoDB::Table').id },
      EVENT_BUS_NAME: { Ref: only(template, 'AWS::Events::EventBus').id },
      WATCH_FUNCTION: { Ref: only(template, 'AWS::Lambda::Function', 'KeysWatch').id },
      // A flush interval of 10 s, and a write of 5 s at most.
      COUNT_LAG_SECONDS: '15',
    });
  });

  it.each([
    ['PT0S', '15'],
    ['PT5M', '305'],
  ])('waits for counts that wait %s, and for refusals: %s seconds', (useFlushInterval, seconds) => {
    const own = keyturnTemplate({ keys: { useFlushInterval } });
    expect(environmentOf(own, 'KeysObserver')['COUNT_LAG_SECONDS']).toBe(seconds);
  });

  it('has a bus that the stack names, and no rule takes anything from it', () => {
    expect(template.toJSON()['Outputs']['EventBusName']).toEqual({
      Value: { Ref: only(template, 'AWS::Events::EventBus').id },
    });
    expect(template.findResources('AWS::Events::Rule')).toEqual({});
  });
});
