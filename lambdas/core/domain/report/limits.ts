/** What a report does not say, said in it. */
import type { DigestMark, RecordFigures, StandingFigures } from './report.ts';

const ALWAYS: readonly string[] = [
  'The figures under “keys as they stand” are those of the moment the report was made, not of the end of its period: the record keeps changes, and no picture of every key at every time.',
  'A rotation that had no event in the period is not among its rotations, though it may have run all the time.',
  'Migration shares are known where they were measured: at reminders, early looks and judgements. Between them nothing is on record.',
  'That a key was first used is on the key, and is no event of the record.',
  'Requests that were authorized or refused are counted, not recorded one by one: what a client did with its key is in the API’s own logs.',
  'Who acted is named as the record names it. What else these persons and roles may do in the account is for IAM and CloudTrail to say.',
];

const NO_DIGEST =
  'No signed digest covers the end of the period: that the events are unaltered is shown by their chains alone, which whoever can write the table could have made anew.';

export function limitsOf(
  { rotations, emergencies, events, actors }: RecordFigures,
  { receipts, firstRefusals }: StandingFigures,
  digest: DigestMark | null,
): readonly string[] {
  const unknown = rotations.rows.filter(({ startedAt }) => startedAt === null).length;
  const unheard = receipts.filter(({ state }) => state === 'not-known').length;
  const stated = actors.reduce((sum, { proven, events: count }) => sum + (proven === false ? count : 0), 0);
  return [
    ...ALWAYS,
    ...(stated > 0
      ? [`Of ${stated} events who acted is what a tool stated: AWS has proven the others’ operators.`]
      : []),
    ...(unknown > 0
      ? [`Of ${unknown} rotations the start is not known: their purpose and duration are not counted.`]
      : []),
    ...(unheard > 0
      ? [
          `Of ${unheard} versions it is not known any more whether they were received: their keys have forgotten them.`,
        ]
      : []),
    ...(emergencies.rows.length > 0 && firstRefusals.length === 0
      ? [
          'No request with a version that an emergency replaced was seen to be refused: times to refusal are those of the write that refuses.',
        ]
      : []),
    ...(events.missing > 0
      ? [
          `${events.missing} events that lie between others of their chains are not in the period: written by another clock at its edge, or missing. \`keyturn audit verify\` tells which.`,
        ]
      : []),
    ...(digest ? [] : [NO_DIGEST]),
  ];
}
