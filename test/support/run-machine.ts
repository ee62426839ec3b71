/** Runs the rotation machine's own file in process. */
import { DEFINITION_TEXT } from './rotation-definition.ts';
import { scriptedMachine } from './scripted-machine.ts';

export const { definition: DEFINITION, run: runMachine } = scriptedMachine(
  DEFINITION_TEXT,
  'RotationFunctionArn',
);
