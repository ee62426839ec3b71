/** docs/performance.md, from what one run measured. */

import { STORE_NAMES } from '../better-auth.ts';
import { STEADY_LATENCY_MS } from '../plan.ts';
import type { Results } from '../results.ts';
import { aimsTable } from './aims.ts';
import { fastestStore } from './comparisons.ts';
import { table } from './markdown.ts';
import { bundleTable, fromMemoryTable, startTable, withReadTable } from './tables.ts';

export function page(results: Results): string {
  const { date, quick, machine, versions, fromMemory } = results;
  return `# Performance

Written by \`npm run bench\` on ${date.slice(0, 10)}; do not edit it.${quick ? ' **A quick run: its figures say little.**' : ''}

Ratios come from one run in which what is compared took turns, and carry over to other machines; in brackets stands what
the middle half of the rounds fell into. **Every other figure is of this one machine only**, without a network: it says
nothing of Lambda or DynamoDB.

## Aims

${aimsTable(results)}

## A request with nothing in memory

The authorizer's own bundle, with its memory off: each request reads. The floor is the least that can decide on a key: one
signed consistent \`GetItem\` by \`aws4\` on a kept connection and one HMAC, no event, no log, no answer. *Plain* is an
authorizer written with the SDK's document client that makes the same read, compares the same hash, logs one line and
answers with a policy, and does nothing else that Keyturn does.

${withReadTable(results)}

The emulator is a Python program on the same cores: what it spends shows in the time, not in the processor time, which is
the authorizer's own and what Lambda bills besides the wait. The store that always takes ${STEADY_LATENCY_MS} ms answers with a recorded
item, and is nearer to what DynamoDB takes than the emulator is. The one that answers at once shows what each authorizer adds.
Right after a wait the same code takes two to three times what it takes from memory below; that is so for the floor, too.

## The start

From the start of the process to its first answer, less what an empty Node process takes. Keyturn reads its pepper from
Secrets Manager and opens its connection to the table while it starts. The plain authorizer is measured twice: at its
cheapest, with the pepper in an environment variable, and reading it as Keyturn does. Peak memory is the whole process's.

${startTable(results)}

Lambda's own runtime has loaded parts of Node before a function's code runs, for each of them alike.

## From memory, and better-auth

A key that was read in the last five seconds, as deployed; the whole authorizer's figure has the reads in between in it.
*Decision* is the use case alone, a key in and a verdict out with its use counted, which is what a call of
\`auth.api.verifyApiKey\` does. The *whole authorizer* also reads API Gateway's event, writes the line of log and answers with
a policy. better-auth's fastest store here was ${STORE_NAMES[fastestStore(fromMemory)]}. Its rate limit is off, as
Keyturn has none; it, too, writes each use down, to a store in the same process.

${fromMemoryTable(results)}

"Per second on one core" is how often the processor time of one request fits into a second.

## Bundles

All by the options that the stack's functions are bundled with.

${bundleTable(results)}

## How it is measured

- Each subject is a process of its own, and one at a time is told to make its next round of requests; every round begins with
  another one. In one process they would share a heap, its collections and the compiler's knowledge of common code.
- One request after the other, as in a Lambda environment. Warmed up first; the events of a round are parsed before it.
- The key is issued by Keyturn's own use case through its own store adapter, so the item is a real one. Credentials are as
  long as those of a Lambda function. Lines of log go to \`/dev/null\`.
- Processor time is user and system time of the process with all its threads (\`process.cpuUsage\`).
- Starts: Node is started on the bundle, asked once and ended, in turns with the others. The medians of ten turns each are
  compared, less that of the empty process.

\`npm run bench\` measures all of it anew in some minutes; \`npm run bench -- --quick\` tries it and writes no page.

## Machine and versions

${table(
  ['', 'of this run'],
  [
    ['Processor', machine.processor],
    ['Memory', machine.memory],
    ['System', machine.system],
    ['Node.js', machine.node],
    ['Load when it began', machine.load],
    ...Object.entries(versions).map(([name, version]) => [name, version]),
  ],
)}
`;
}
