export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}
/** Counts the tests of a Vitest JSON report. A file that failed outside its tests, while loading say, counts as one failed. */
export function countTests(report: TestReport | undefined): {
  passed: number;
  failed: number;
  skipped: number;
};
