/** A clean-up of the pepper that has nothing to drop, by the machine's file: too little to be worth a run. */
import { type Counts, NO_COUNTS } from './counts.ts';
import { historyEvents } from './history.ts';

const STATES = ['Task', 'Choice', 'Succeed'];

export const CLEAN_UP: Counts = {
  ...NO_COUNTS,
  executions: 1,
  transitions: STATES.length,
  historyEvents: historyEvents(STATES, false),
  invocations: { pepper: 1 },
  requests: { 'Secrets Manager GetSecretValue': 1, 'DynamoDB Query': 1 },
  readUnits: 1,
  logBytes: 300,
};
