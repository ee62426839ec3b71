/** An error as it goes to standard error: in words, or as one JSON value. */

import { withoutKeys } from '../../rules/without-keys.ts';
import type { CliError } from '../exit.ts';
import type { Paint } from './paint.ts';

export function errorText(error: CliError, paint: Paint): string {
  const running = error.rotation?.executionArn;
  const lines = [
    `${paint.bad('error:')} ${error.message}`,
    `${paint.dim('mend:')}  ${error.hint}`,
    ...(running ? [`${paint.dim('execution:')} ${running}`] : []),
  ];
  return `${withoutKeys(lines.join('\n'))}\n`;
}

/** `{ "error": { code, message, hint } }`, with the rotation in question where there is one. */
export function errorJson(error: CliError): string {
  const { code, message, hint, rotation } = error;
  return `${withoutKeys(JSON.stringify({ error: { code, message, hint, ...(rotation && { rotation }) } }))}\n`;
}
