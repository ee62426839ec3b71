/** A function that does nothing: what is left is the start of Node itself. */
export const handler = async (): Promise<boolean> => true;
