/** Ids of twelve characters that no other test of this run has. `word` has eight. */
export function freshIds(word: string): () => string {
  let made = 0;
  return () => {
    made += 1;
    return word + String(made).padStart(4, '0');
  };
}
