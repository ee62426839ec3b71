import type { KeyMailKind } from '../../core/domain/notice.ts';
import { deliveryWaiting } from './templates/delivery-waiting.ts';
import { emergency } from './templates/emergency.ts';
import { extended } from './templates/extended.ts';
import { issued } from './templates/issued.ts';
import { receivedElsewhere } from './templates/received-elsewhere.ts';
import { reminder } from './templates/reminder.ts';
import { retired } from './templates/retired.ts';
import { rolledBack } from './templates/rolled-back.ts';
import { rotationStarted } from './templates/rotation-started.ts';
import type { Template } from './told.ts';

/** One template for each kind of mail about a key; a kind without one does not compile. */
export const TEMPLATES: Readonly<Record<KeyMailKind, Template>> = {
  issued,
  'rotation-started': rotationStarted,
  reminder,
  extended,
  'rolled-back': rolledBack,
  retired,
  emergency,
  'delivery-waiting': deliveryWaiting,
  'received-elsewhere': receivedElsewhere,
};
