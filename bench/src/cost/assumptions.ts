/** What cannot be counted here, and is assumed. */

interface FunctionAssumption {
  /** As deployed; a unit test holds the stack to it. */
  readonly megabytes: number;
  /** Billed for one invocation, on the average, a cold start now and then included. */
  readonly milliseconds: number;
}

export const FUNCTIONS: Readonly<Record<string, FunctionAssumption>> = {
  authorizer: { megabytes: 256, milliseconds: 8 },
  rotation: { megabytes: 512, milliseconds: 150 },
  renewal: { megabytes: 512, milliseconds: 150 },
  claim: { megabytes: 512, milliseconds: 150 },
  admin: { megabytes: 512, milliseconds: 150 },
  'bulk-emergency': { megabytes: 512, milliseconds: 500 },
  sweep: { megabytes: 256, milliseconds: 1_000 },
  'secret-rotation': { megabytes: 256, milliseconds: 1_500 },
  pepper: { megabytes: 512, milliseconds: 150 },
  observe: { megabytes: 1_024, milliseconds: 60 },
  digest: { megabytes: 1_024, milliseconds: 1_500 },
  watch: { megabytes: 256, milliseconds: 60 },
  publish: { megabytes: 512, milliseconds: 60 },
  notify: { megabytes: 512, milliseconds: 100 },
  'mail-events': { megabytes: 512, milliseconds: 60 },
  unsubscribe: { megabytes: 256, milliseconds: 60 },
};

/** Of one event of an execution's history, without its data, as a line of the machine's log. */
export const HISTORY_LINE_BYTES = 350;

/** Traced executions: X-Ray's own default samples one a second and 5 % of the others, so that this is the most. */
export const TRACES_PER_EXECUTION = 1;

/** Lambda looks into a queue by five pollers, each of which waits up to 20 seconds for a message. */
export const QUEUE_LOOKS_PER_MINUTE = 15;

/** Of a chain, in the lists of a digest: hashes do not get smaller in gzip. */
export const BYTES_PER_CHAIN = 100;

export const DAYS_PER_MONTH = 365 / 12;
