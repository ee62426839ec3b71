/** The calls of a drill by caller, API and version. */
import type { Api, CallRecord } from './call-recorder.ts';

export interface SummaryRow {
  readonly caller: string;
  readonly api: Api;
  readonly keyId: string | null;
  readonly version: number | null;
  readonly calls: number;
  /** How often each status came. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Answers that carried the warning of a deprecating version. */
  readonly warned: number;
  readonly medianMs: number;
}

export interface CallSummary {
  readonly total: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly rows: readonly SummaryRow[];
}

/** A GET is the MCP client asking for a stream, which no one here offers: it is no call. */
export function summarize(all: readonly CallRecord[]): CallSummary {
  const calls = all.filter(({ request }) => request !== 'GET');
  const groups = new Map<string, CallRecord[]>();
  for (const call of calls) {
    const group = [call.caller, call.api, call.keyId, call.version].join('\n');
    groups.set(group, [...(groups.get(group) ?? []), call]);
  }
  return {
    total: calls.length,
    byStatus: countStatuses(calls),
    rows: [...groups.values()].map(rowOf),
  };
}

function rowOf(calls: readonly CallRecord[]): SummaryRow {
  const { caller, api, keyId, version } = calls[0] as CallRecord;
  return {
    caller,
    api,
    keyId,
    version,
    calls: calls.length,
    byStatus: countStatuses(calls),
    warned: calls.filter(({ keyStatus }) => keyStatus !== null).length,
    medianMs: median(calls.map(({ durationMs }) => durationMs)),
  };
}

function countStatuses(calls: readonly CallRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of calls) {
    const name = status === 0 ? 'no answer' : String(status);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return Math.round(sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2);
}
