/** How many events an execution's history has, by the states that it entered. */

/** Entered and exited; a task through an SDK integration is scheduled, started and succeeds in between, a map runs. */
const EVENTS: Readonly<Record<string, number>> = {
  Task: 5,
  Map: 4,
  Wait: 2,
  Choice: 2,
  Pass: 2,
  Succeed: 2,
  Fail: 1,
};
const START_AND_END = 2;

/**
 * @param types of the states entered; a wait that an abort ends is never left
 * @param executions with those that a map started
 */
export function historyEvents(types: readonly string[], aborted: boolean, executions = 1): number {
  const events = types.reduce((sum, type) => {
    const each = EVENTS[type];
    if (each === undefined)
      throw new Error(`No rule says what a state of the type ${type} adds to a history.`);
    return sum + each;
  }, executions * START_AND_END);
  return aborted ? events - 1 : events;
}
