/** Words of others as the end of a sentence: those of a fault end with a full stop already. */
export const asSentence = (words: string): string => (/[.!?…]$/.test(words) ? words : `${words}.`);
