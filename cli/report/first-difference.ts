/** Where two values that should be the same are not. */

const LONGEST = 80;
const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, LONGEST);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** `rotations.rows.3.outcome: the record has "failed", the file "completed"` */
export function firstDifference(ours: unknown, theirs: unknown, path = ''): string {
  if (isObject(ours) && isObject(theirs)) {
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      if (JSON.stringify(ours[name]) === JSON.stringify(theirs[name])) continue;
      return firstDifference(ours[name], theirs[name], path === '' ? name : `${path}.${name}`);
    }
  }
  return `${path === '' ? 'It' : path}: should be ${shown(ours)}, the file has ${shown(theirs)}.`;
}
