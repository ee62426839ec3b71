/** What became of keys and of the delivery of their versions in a period. */
import type { AuditEvent } from '../audit-event.ts';
import { iso } from '../iso-time.ts';
import type { DeliveryFigures, KeyChangeRow, KeyChanges } from './report.ts';
import { Tally } from './tally.ts';

/** A version that was made in the period. */
interface Made {
  readonly keyId: string;
  readonly owner: string;
  readonly version: number;
  readonly atMs: number;
  receivedBy?: string;
  failedTries: number;
  failure?: string;
}

const isKeyChange = (action: string): boolean => action.startsWith('key.');

export class KeyLog {
  readonly #changes: KeyChangeRow[] = [];
  readonly #counts = new Tally();
  readonly #made = new Map<string, Made>();
  #failedTries = 0;

  add(event: AuditEvent): void {
    if (event.keyId === undefined) return;
    if (isKeyChange(event.action)) this.#noteChange(event, event.keyId);
    this.#noteDelivery(event, event.keyId);
  }

  #noteChange({ action, atMs, owner = '', actor, reason }: AuditEvent, keyId: string): void {
    this.#counts.add(action);
    const { principal: by, proven = null } = actor;
    this.#changes.push({ at: iso(atMs), keyId, owner, action, by, proven, reason: reason ?? null });
  }

  #noteDelivery({ action, atMs, owner = '', detail, reason }: AuditEvent, keyId: string): void {
    const number = action === 'key.issued' ? 1 : Number(detail['version']);
    const name = `${keyId}/${number}`;
    if (action === 'key.issued' || action === 'version.generated') {
      // What the command that issues prints is with whoever ran it.
      const receipt = action === 'key.issued' && detail['delivery'] === 'operator' ? 'issue' : undefined;
      const made = { keyId, owner, version: number, atMs, failedTries: 0 };
      this.#made.set(name, { ...made, ...(receipt ? { receivedBy: receipt } : {}) });
      return;
    }
    const made = this.#made.get(name);
    if (action === 'version.claimed' && made) made.receivedBy ??= String(detail['by'] ?? 'claim');
    if (action === 'version.offered' && detail['received'] === true && made) made.receivedBy ??= 'placed';
    if (action !== 'version.not-delivered') return;
    this.#failedTries += 1;
    if (!made) return;
    made.failedTries += 1;
    made.failure = reason ?? '';
  }

  changes(): KeyChanges {
    const of = (change: string) => this.#counts.of(`key.${change}`);
    return {
      issued: of('issued'),
      disabled: of('disabled'),
      enabled: of('enabled'),
      revoked: of('revoked'),
      exempted: of('exempted'),
      unexempted: of('unexempted'),
      rows: this.#changes,
    };
  }

  deliveries(): DeliveryFigures {
    const versions = [...this.#made.values()];
    const ways = new Tally();
    for (const { receivedBy } of versions) if (receivedBy !== undefined) ways.add(receivedBy);
    return {
      versions: versions.length,
      received: ways.rows(),
      failedTries: this.#failedTries,
      open: versions
        .filter(({ receivedBy }) => receivedBy === undefined)
        .map(({ keyId, owner, version, atMs, failedTries, failure }) => ({
          keyId,
          owner,
          version,
          madeAt: iso(atMs),
          failedTries,
          failure: failure ?? null,
        })),
    };
  }
}
