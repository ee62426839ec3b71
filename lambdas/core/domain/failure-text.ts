import { cutText } from '../../../rules/free-text.ts';

const LONGEST_FAILURE = 300;

/** Why something failed, as it goes on record. */
export const failureText = (whole: string): string => cutText(whole, LONGEST_FAILURE);
