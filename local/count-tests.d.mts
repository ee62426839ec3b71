export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}
/** Counts the tests of a Vitest JSON report; what failed outside the tests counts as one failed. */
export function countTests(
  report: TestReport | undefined,
  exitCode: number,
): { passed: number; failed: number; skipped: number };
