/** Scopes: `<area>:<action>` words that say what a key may do. */
import { type Checked, refused } from './checked.ts';

export const LONGEST_SCOPE = 128;

const AREA = /^[a-z0-9_-]+$/;
/** MCP tool names are case-sensitive and may hold `.`, `/`, `_` and `-`. */
const ACTION = /^(?:\*|[A-Za-z0-9_./-]+)$/;
const LONGEST_SHOWN = 64;

export interface Scope {
  readonly area: string;
  /** `*` grants every action of the area. */
  readonly action: string;
}

/** Reads one scope. Never throws; a refusal says what was wrong, with the value, and the mend. */
export function parseScope(text: string): Checked<Scope> {
  const shown = `The scope ${quoted(text)}`;
  if (text.length > LONGEST_SCOPE) {
    return refused(
      `${shown} has ${text.length} characters, more than ${LONGEST_SCOPE}.`,
      'Shorten it, or grant the whole area with <area>:*.',
    );
  }
  const colon = text.indexOf(':');
  if (colon === -1) {
    return refused(`${shown} has no colon.`, 'Write <area>:<action>, such as tools:search or tools:*.');
  }
  const [area, action] = [text.slice(0, colon), text.slice(colon + 1)];
  if (!AREA.test(area)) {
    return refused(
      `${shown} has the area ${quoted(area)}.`,
      'Write the area, before the colon, in lower-case letters, digits, - and _.',
    );
  }
  if (!ACTION.test(action)) {
    return refused(
      `${shown} has the action ${quoted(action)}.`,
      'Write the action, after the colon, in letters, digits, . / - and _, or * alone for every action.',
    );
  }
  return { ok: true, value: { area, action } };
}

export const isValidScope = (text: string): boolean => parseScope(text).ok;

/** Whether one of `scopes` is the required one, or the wildcard of its area. */
export function grants(scopes: readonly string[], required: string): boolean {
  const colon = required.indexOf(':');
  const wildcard = `${required.slice(0, colon)}:*`;
  return scopes.some((scope) => scope === required || (colon > 0 && scope === wildcard));
}

/**
 * The scope that calling this MCP tool needs. A name that fits no scope word can be called with `tools:*` alone, and
 * never gets into a header or a message, where its quotes or line breaks could do harm.
 */
export function toolScope(toolName: string): string {
  const scope = `tools:${toolName}`;
  return isValidScope(scope) ? scope : 'tools:*';
}

function quoted(text: string): string {
  const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return JSON.stringify(short).replace(/^"|"$/g, "'");
}
