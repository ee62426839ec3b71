/** What must hold of everything that is stored, once a story is over. */
import { objectionToChain } from './audit.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

const DONE: readonly string[] = ['pepper.added', 'pepper.made-current', 'pepper.dropped'];

export async function checkStored({ parts, ledger, secrets }: World): Promise<void> {
  for (const { keyId, name, changes } of ledger.keys) {
    const events = await parts.store.auditEvents(keyId);
    const objection = objectionToChain(events);
    if (objection) throw new Violation(6, `Of key ${name}: ${objection}.`);
    const revision = (await parts.store.find(keyId))?.revision;
    if (events.length !== changes || revision !== changes) {
      const seen = `${changes} changes were seen, ${events.length} are on record, its revision is ${revision}`;
      throw new Violation(6, `Of key ${name} ${seen}.`);
    }
  }
  const said = await parts.pepperRecord.events();
  const objection = objectionToChain(said);
  if (objection) throw new Violation(6, `Of the pepper: ${objection}.`);
  const done = said.filter(({ action }) => DONE.includes(action)).length;
  if (done !== ledger.pepperWrites) {
    const seen = `${ledger.pepperWrites} times, and ${done} times is on record`;
    throw new Violation(6, `The pepper secret was written ${seen}.`);
  }
  secrets.search('stored at the end', await parts.dump());
}
