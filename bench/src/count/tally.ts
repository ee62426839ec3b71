/** What was counted while something ran. Plain data: it is stored, added and subtracted. */

export interface Tally {
  /** Requests by service and operation, such as `DynamoDB GetItem`. */
  readonly requests: Readonly<Record<string, number>>;
  /** Of these, those that were answered with an error. */
  readonly failed: number;
  /** DynamoDB's request units. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Events put on a bus: several go in one request. */
  readonly busEvents: number;
  /** Bytes of bodies. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export const NOTHING: Tally = {
  requests: {},
  failed: 0,
  readUnits: 0,
  writeUnits: 0,
  busEvents: 0,
  sentBytes: 0,
  receivedBytes: 0,
};

/** `one` and `times` of the other. */
export function plus(one: Tally, other: Tally, times = 1): Tally {
  return {
    requests: plusEach(one.requests, other.requests, times),
    failed: one.failed + times * other.failed,
    readUnits: one.readUnits + times * other.readUnits,
    writeUnits: one.writeUnits + times * other.writeUnits,
    busEvents: one.busEvents + times * other.busEvents,
    sentBytes: one.sentBytes + times * other.sentBytes,
    receivedBytes: one.receivedBytes + times * other.receivedBytes,
  };
}

/** By name; what comes to nothing is left out. */
export function plusEach(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
  times = 1,
): Readonly<Record<string, number>> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(
    names
      .map((name) => [name, (one[name] ?? 0) + times * (other[name] ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  );
}

/** Requests to a service, or to one of its operations. */
export const requestsTo = ({ requests }: Pick<Tally, 'requests'>, name: string): number =>
  Object.entries(requests).reduce(
    (total, [operation, count]) =>
      operation === name || operation.startsWith(`${name} `) ? total + count : total,
    0,
  );
