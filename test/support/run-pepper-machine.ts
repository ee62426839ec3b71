/** Runs the pepper machine's own file in process: tasks answer as scripted, nothing waits. */
import { readFileSync } from 'node:fs';
import { scriptedMachine } from './scripted-machine.ts';

export const PEPPER_DEFINITION_TEXT = readFileSync(
  new URL('../../state-machines/pepper.asl.json', import.meta.url),
  'utf8',
);

export const { definition: PEPPER_DEFINITION, run: runPepperMachine } = scriptedMachine(
  PEPPER_DEFINITION_TEXT,
  'PepperFunctionArn',
);
