// Plain Node, as test.mjs is.

/**
 * Counts the tests of a Vitest JSON report. A file that failed outside its tests, while loading say, counts as one failed.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] } | undefined} report
 *   undefined when Vitest ended without writing one, which counts as one failure
 */
export function countTests(report) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map(({ status }) => status);
    const failed = statuses.filter((status) => status === 'failed').length;
    const passed = statuses.filter((status) => status === 'passed').length;
    counts.passed += passed;
    counts.failed += failed || (file.status === 'failed' ? 1 : 0);
    counts.skipped += statuses.length - passed - failed;
  }
  return counts;
}
