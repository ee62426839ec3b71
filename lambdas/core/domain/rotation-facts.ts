/** What an event of a rotation says of the rotation: whoever reads it has the event alone. */
import type { Rotation } from './key-record.ts';

/** Which kind of rotation it is, and that nobody is to be alerted of it if so. */
export const rotationFacts = ({ purpose, alertSecurity }: Pick<Rotation, 'purpose' | 'alertSecurity'>) => ({
  purpose,
  ...(alertSecurity ? {} : { alertSecurity: false }),
});

/** From the order to the moment from which the old version was refused: said of emergencies alone. */
export const refusalFacts = (
  { purpose, startedAtMs }: Pick<Rotation, 'purpose' | 'startedAtMs'>,
  refusedAtMs: number,
) => (purpose === 'emergency' ? { refusedAfterMs: Math.max(0, refusedAtMs - startedAtMs) } : {});
