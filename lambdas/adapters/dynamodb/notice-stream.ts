/** Notices as the table's stream shows them: where each that was written lies. What it says is read from the table. */
import type { NoticeRef } from '../../core/ports/notices.ts';
import { noticeRefOf } from './notice-item.ts';

/** A record of the stream, as far as it is read. */
export interface NoticeRecord {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly Keys?: Readonly<Record<string, { readonly S?: string | undefined }>> | undefined;
      }
    | undefined;
}

export interface StreamedNotice {
  /** By which the stream knows the record. */
  readonly sequenceNumber: string;
  readonly ref: NoticeRef;
}

/** In their order. The filter lets nothing else through; if it did, that is passed over. */
export const noticesIn = (records: readonly NoticeRecord[]): readonly StreamedNotice[] =>
  records.flatMap(({ eventName, dynamodb }) => {
    const { SequenceNumber: sequenceNumber, Keys } = dynamodb ?? {};
    const ref = noticeRefOf(Keys?.['pk']?.S, Keys?.['sk']?.S);
    return eventName === 'INSERT' && sequenceNumber !== undefined && ref ? [{ sequenceNumber, ref }] : [];
  });
