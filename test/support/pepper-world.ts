/** A deployment whose pepper rotates: the secret, its record, and every environment with its own memory of it. */
import type { AuditEvent } from '../../lambdas/core/domain/audit-event.ts';
import { pepperVersionsIn } from '../../lambdas/core/domain/pepper-events.ts';
import type { Peppers } from '../../lambdas/core/ports/peppers.ts';
import { CachedPeppers } from '../../lambdas/core/use-cases/cached-peppers.ts';
import type { PepperDeps } from '../../lambdas/core/use-cases/pepper-deps.ts';
import { MemoryKeyWalk } from './memory-key-walk.ts';
import { MemoryPepperRecord } from './memory-pepper-record.ts';
import { MemoryPepperSecret } from './memory-pepper-secret.ts';
import { MemoryWorld, type WorldOptions } from './memory-world.ts';
import { seededRandomBytes } from './random-bytes.ts';

export class PepperWorld extends MemoryWorld {
  readonly secret: MemoryPepperSecret;
  readonly pepperRecord = new MemoryPepperRecord();
  readonly walk: MemoryKeyWalk;
  readonly pepperDeps: PepperDeps;
  /** The environment that hashes next. */
  writer: Peppers;

  constructor(options: Omit<WorldOptions, 'peppers'> = {}) {
    const writing: Peppers = {
      current: () => this.writer.current(),
      byVersion: (version) => this.writer.byVersion(version),
    };
    super({ ...options, peppers: writing });
    this.secret = new MemoryPepperSecret(this.clock.read);
    this.walk = new MemoryKeyWalk(this.table, this.clock.read);
    this.writer = this.environment();
    this.pepperDeps = {
      secret: this.secret,
      record: this.pepperRecord,
      keys: this.walk,
      clock: this.clock.read,
      randomBytes: seededRandomBytes('pepper'),
    };
  }

  /** What one environment knows of the peppers. */
  environment(): CachedPeppers {
    return new CachedPeppers(this.secret.readText, this.clock.read);
  }

  /** An authorizer that has just started, with nothing in memory. */
  freshAuthorizer(memoryMs = 0) {
    return this.authorizer({ memoryMs, peppers: this.environment() });
  }

  async pepperEvents(): Promise<readonly AuditEvent[]> {
    return this.pepperRecord.events();
  }

  /** What is on record, such as `adding 2026…`, each pepper by its place in the order of adding. */
  async pepperStory(): Promise<readonly string[]> {
    const names: string[] = [];
    const shown = (name: string) => {
      if (!/^\d{8}T/.test(name)) return name;
      if (!names.includes(name)) names.push(name);
      return `#${names.indexOf(name) + 1}`;
    };
    return (await this.pepperEvents()).map(
      (event) => `${event.action.slice('pepper.'.length)} ${pepperVersionsIn(event).map(shown).join(' ')}`,
    );
  }
}
