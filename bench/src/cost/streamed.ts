/** Which functions the table's stream calls after writes, and with what: the stack's filters, and a call for each write. */
import { AUDIT_PREFIX, NOTICE_PREFIX, RETIRED_USE_PREFIX } from '../../../rules/table-items.ts';
import type { WireItem } from '../count/item-size.ts';

interface StreamedCall {
  readonly functionName: 'publish' | 'notify';
  readonly event: object;
}

/** A unit test holds them to the stack's. */
export const SHOWN: Readonly<Record<StreamedCall['functionName'], readonly string[]>> = {
  publish: [AUDIT_PREFIX, RETIRED_USE_PREFIX],
  notify: [NOTICE_PREFIX],
};

/** @param writes each with what it inserted */
export const streamedCalls = (writes: readonly (readonly WireItem[])[]): readonly StreamedCall[] =>
  writes.flatMap((items) =>
    (['publish', 'notify'] as const).flatMap((functionName) => {
      const shown = items.filter(({ sk }) =>
        SHOWN[functionName].some((prefix) => sk?.S?.startsWith(prefix) === true),
      );
      return shown.length === 0 ? [] : [{ functionName, event: { Records: shown.map(recordOf) } }];
    }),
  );

const recordOf = (item: WireItem, index: number) => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: String(index + 1),
    Keys: { pk: item['pk'], sk: item['sk'] },
    NewImage: item,
  },
});
