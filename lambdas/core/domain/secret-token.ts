/** Rotations that Secrets Manager has started, by the token that it gives each of them. */

const UUID = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';
const ROTATION_ID = new RegExp(`^secret-(${UUID})(?:-\\d+)?$`);
const TOKEN = new RegExp(`^${UUID}$`);

export const isToken = (text: unknown): text is string => typeof text === 'string' && TOKEN.test(text);

/**
 * The same for every call that Secrets Manager makes for one rotation, so that it is started once.
 *
 * @param attempt from 1: an execution that has failed keeps its name for 90 days
 */
export const rotationIdOf = (token: string, attempt: number): string =>
  attempt === 1 ? `secret-${token}` : `secret-${token}-${attempt}`;

/** The token of the rotation by Secrets Manager that this one was started for; undefined of any other. */
export const tokenOf = (rotationId: string | undefined): string | undefined =>
  ROTATION_ID.exec(rotationId ?? '')?.[1];
