/** What is done for each request, and what the log says of it: never an address. */
import { UNSUBSCRIBE_PATH } from '../../../rules/delivery-paths.ts';
import type { LeavableKind } from '../../../rules/mail-kinds.ts';
import { type Leaving, readLeaving } from '../../core/domain/unsubscribe-link.ts';
import { changeOwnerSettings, type OwnerDeps } from '../../core/use-cases/change-owner-settings.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { askPage, backPage, leftPage, wrongPage } from './pages.ts';
import { languageOf, type UnsubscribeEvent, visitorOf, wishIn } from './request.ts';

export interface RouteDeps extends OwnerDeps {
  readonly linkSecret: () => Promise<Uint8Array>;
}

export interface Routed {
  readonly answer: HttpAnswer;
  readonly outcome: 'asked' | 'left' | 'returned' | 'wrong';
  readonly kind?: LeavableKind;
}

const ROUTE = `/${UNSUBSCRIBE_PATH}/{kind}/{address}/{code}`;

/** GET and HEAD change nothing, since scanners of mail follow links. */
export async function routed(deps: RouteDeps, event: UnsubscribeEvent): Promise<Routed> {
  const language = languageOf(event);
  const leaving =
    event.resource === ROUTE ? readLeaving(await deps.linkSecret(), event.pathParameters ?? {}) : undefined;
  if (!leaving) return { answer: wrongPage(language), outcome: 'wrong' };
  const { kind } = leaving;
  const wish = event.httpMethod === 'POST' ? wishIn(event) : undefined;
  if (wish === undefined) return { answer: looked(event, leaving), outcome: 'asked', kind };
  const change = wish === 'leave' ? { unsubscribe: [kind] } : { subscribe: [kind] };
  await changeOwnerSettings(deps, leaving.address, change, visitorOf(event));
  return wish === 'leave'
    ? { answer: leftPage(language, leaving), outcome: 'left', kind }
    : { answer: backPage(language, leaving), outcome: 'returned', kind };
}

function looked(event: UnsubscribeEvent, leaving: Leaving): HttpAnswer {
  const page = askPage(languageOf(event), leaving);
  return event.httpMethod === 'HEAD' ? { ...page, body: '' } : page;
}
