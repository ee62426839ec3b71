/** docs/cost.md, from what one run counted. */
import type { EmergencyResults } from '../fleet/emergencies.ts';
import { table } from '../report/markdown.ts';
import { BYTES_PER_CHAIN } from './assumptions.ts';
import { dollars } from './dollars.ts';
import { lockedDollars } from './monthly.ts';
import type { CostResults } from './results.ts';
import { SUMMARY_HEAD, summaryRows } from './summary.ts';
import { assumptionsTable } from './tables/assumptions-table.ts';
import { authorizingBillTable, billTable, pricesTable } from './tables/bill-tables.ts';
import { countsTable, requestsTable } from './tables/counts-tables.ts';
import { fleetTable, mailTable, metricsTable, standingTable } from './tables/month-tables.ts';

export const costPage = (results: CostResults, emergencies: EmergencyResults): string => `# Cost

Written by \`npm run bench -- cost\` from the calls that it counted on ${results.date.slice(0, 10)}; do not edit it. US dollars by
the prices of us-east-1 in autumn 2026, without free tiers. API Gateway, your backend, storage and transfer are extra.

${table(SUMMARY_HEAD, summaryRows(results, emergencies))}

## Counted

${countsTable(results, emergencies)}

Requests, of which DynamoDB bills units, Lambda invocations, and Step Functions transitions:

${requestsTable(results)}

## In dollars

${billTable(results, emergencies)}

${authorizingBillTable(results)}

*Lambda time* rests on [assumed](#assumed) durations, the logs in part; everything else is a count times a price.

## Each month

${standingTable(results)}

Beside that, each metric of what happens in the hours in which it does, none of them per key; at most:

${metricsTable()}

With \`notifications\`, also if no mail is sent:

${mailTable()}

All the digests that are locked by default, each with the ends of ten thousand chains of ${BYTES_PER_CHAIN} bytes (assumed), take
$${dollars(lockedDollars(10_000))} a month in S3.

## Fleets

Every key is rotated when it is due, nobody lags, and every new key is claimed. The sweep is billed while it pauses
between its waves, about four minutes a day or a second for each wave. Observing is what it costs if every key is used
in every minute of its grace period: a minute without use is no event.

${fleetTable(results)}

## Prices

${pricesTable()}

## Assumed

${assumptionsTable(results, emergencies)}

Durations measured on the machine that runs the benchmark would say nothing of Lambda, so none is used.

## How it is counted

- The deployed functions' own handlers run on a local cloud's services, with their default
  settings and one authorizer. The rotation machine's own file is played in the same process; its waits move the
  functions' clock. Each state entered is one transition, and each event of the history is a line of the machine's log.
- A proxy between the functions and the local cloud counts the requests, whatever library made them. A run in which a
  request fails is not used.
- Write units are what the local cloud reports as consumed, by the sizes of the items and what each index has to change,
  twice for the items of a transaction. Read units are computed from the sizes of the items read, since it reports one
  unit for any read.
- The functions' log lines are the lines that they wrote.
- What a write puts on record is shown to the functions that tell of it, one call for each write, as the table's stream
  does where little happens: each event goes onto the bus, and where it is one for security or for a webhook, its notice
  into the outbox and out. Lambda's reads of the stream cost nothing. Figures of keys are without mail and webhooks, each
  of which has its own line: mail to one address, with what SES tells of it by SNS and SQS (two messages, three requests
  each), and one event to one webhook.
- While a key rotates its client calls once a minute, so that judgements have the largest counters to read: one item for
  each hour and version, which counts by minute. Its calls are not part of the rotation. The new key is claimed after an
  hour and taken up at once, or half an hour into the extension.
- An emergency's figures are without the command's looks how far it is: each is an invocation of the admin function.
- Each further authorizer adds one invocation and one read to a rotation: each must know the new key.
- A rotation of the pepper, and each daily clean-up while an older pepper is still needed, reads every key that is held.
- A key's share of an emergency of ten thousand is a ten thousandth of the whole of one, its own rotation included:
  [performance.md](performance.md#emergencies-of-many-keys).
- A clean-up of the pepper is billed by its machine's file, three transitions, and not run. A rotation of the pepper, twelve
  transitions, comes so seldom that it is left out.
- Not counted: starts of an environment, at which the authorizer reads its pepper and opens its connection (two requests);
  visits of the pages of claim links and unsubscribing; KMS requests of SNS for its topics' keys;
  KMS requests of DynamoDB for its table key, which it keeps for five minutes for each caller, at most $0.03 a month for
  each function; the time by which an observation lasts longer with the keys that rotate; storage.
- Counted on MiniStack ${results.emulator}.
`;
