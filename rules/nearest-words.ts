/** Which of the known words were meant by one that is none. */

const MOST = 5;

/** @returns those that have it in them, or differ in few letters, the nearest first; none where none is near */
export function nearestWords(word: string, known: readonly string[]): readonly string[] {
  const meant = word.toLowerCase();
  const mostEdits = Math.max(2, Math.floor(meant.length / 4));
  return known
    .map((each) => ({ each, edits: meant && each.includes(meant) ? 0 : editsBetween(meant, each) }))
    .filter(({ edits }) => edits <= mostEdits)
    .sort((left, right) => left.edits - right.edits)
    .slice(0, MOST)
    .map(({ each }) => each);
}

/** Letters to add, drop or change (Levenshtein), row by row. */
function editsBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= right.length; at += 1) {
      const changed = (row[at - 1] ?? 0) + (letter === right[at - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
