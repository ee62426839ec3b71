// Plain Node, as test.mjs is.

/**
 * Counts the tests of a Vitest JSON report. What failed outside the tests, a file that cannot be loaded or the set-up
 * of all, counts as one failed.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] } | undefined} report
 *   undefined when Vitest ended without writing one
 * @param {number} exitCode of Vitest
 */
export function countTests(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const statuses = file.assertionResults.map(({ status }) => status);
    const failed = statuses.filter((status) => status === 'failed').length;
    const passed = statuses.filter((status) => status === 'passed').length;
    counts.passed += passed;
    counts.failed += failed || (file.status === 'failed' ? 1 : 0);
    counts.skipped += statuses.length - passed - failed;
  }
  if (exitCode !== 0) counts.failed ||= 1;
  return counts;
}
